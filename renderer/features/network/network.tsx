import { PageHead } from '../../ui/page';

export function Network() {
  return <PageHead title="Network" />;
}
