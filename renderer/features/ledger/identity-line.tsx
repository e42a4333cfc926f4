import type { LedgerIdentity } from '../../../electron/api/ledger-models';
import { organizationOfMsp } from '../../network/membership';
import { useNetworkStatus } from '../../network/use-network';

/** `peer0.parkingoperator` of a node's common name, `operator` of a user's; the whole in its title. */
export const shortSubject = ({ commonName, role }: LedgerIdentity): string => {
  if (commonName === null) return 'no name';
  if (role === 'client' || role === 'admin') return commonName.split('@')[0] ?? commonName;
  return commonName.split('.').slice(0, 2).join('.');
};

/** The organization as this network calls it; of one that is not here the MSP id. */
export function useOrganizationOf(mspId: string): string {
  const status = useNetworkStatus().data;
  return status ? organizationOfMsp(status, mspId) : mspId;
}
