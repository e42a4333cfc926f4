import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

/**
 * Title with key facts and the primary action. The heading takes the focus when the view is entered, so that keyboard
 * and screen reader start there.
 */
export function PageHead({
  title,
  facts,
  actions,
}: {
  title: string;
  facts?: ReactNode;
  actions?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – CityFlow Operations Console`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className="view-head">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {facts && <div className="facts">{facts}</div>}
      {actions && <div className="actions">{actions}</div>}
    </div>
  );
}

/** The row under the title: tabs, filters, ranges. */
export function Filters({ children }: { children: ReactNode }) {
  return <div className="filters">{children}</div>;
}
