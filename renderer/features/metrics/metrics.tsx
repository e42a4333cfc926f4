import { PageHead } from '../../ui/page';

export function Metrics() {
  return <PageHead title="Metrics" />;
}
