import { Link } from '@tanstack/react-router';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { PageHead } from '../ui/page';
import { ProblemView } from '../ui/problem-view';
import { Empty } from '../ui/waiting';

/** A view that broke is told in its place; the frame and the other views go on. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const failure = error instanceof Error ? error : new Error(String(error));
  return (
    <>
      <PageHead title="This view broke" />
      <div className="body">
        <ProblemView
          problem={{
            code: 'INTERNAL',
            title: 'The view could not be drawn.',
            detail: failure.message,
            hint: 'Try again. If it stays so, copy the details into a report.',
            retryable: true,
            sources: [{ name: 'renderer', message: failure.stack ?? failure.message }],
          }}
          onRetry={reset}
        />
      </div>
    </>
  );
}

export function NotFound() {
  return (
    <>
      <PageHead title="Nothing here" />
      <Empty
        title="There is no such view"
        action={
          <Link to="/" className="link">
            Go to the overview
          </Link>
        }
      >
        The address names none of this console's views.
      </Empty>
    </>
  );
}
