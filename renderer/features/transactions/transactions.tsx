import { PageHead } from '../../ui/page';

export function Transactions() {
  return <PageHead title="Transactions" />;
}
