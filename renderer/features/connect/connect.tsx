import { PageHead } from '../../ui/page';

export function Connect() {
  return <PageHead title="Connect" />;
}
