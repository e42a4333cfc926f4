import { PageHead } from '../../ui/page';

export function Identities() {
  return <PageHead title="Identities" />;
}
