import { PageHead } from '../../ui/page';

export function NodePage() {
  return <PageHead title="Node" />;
}
