import type { ContractEndorsement } from '../../api/contract-models';
import type { EndorsementPolicies, EndorsementPolicy } from '../ports/node-inspection';
import type { DeclaredNetwork, NetworkHost } from '../ports/network-host';

/** So many organizations are combined at most: their combinations double with each. */
const MOST_ORGANIZATIONS = 12;
const MOST_SETS = 64;

type Organizations = ContractEndorsement['organizations'];

/** Tells who has to endorse a contract's transactions, and whether they can with what is up. */
export class ContractEndorsementService {
  constructor(
    private readonly host: NetworkHost,
    private readonly policies: EndorsementPolicies,
  ) {}

  async show(contract: DeclaredNetwork['contracts'][number]): Promise<ContractEndorsement> {
    const declared = this.host.declared();
    const runs = await this.host.runs();
    const up = new Set(runs.filter(({ state }) => state === 'running').map(({ name }) => name));
    const policy = await this.policies.of(contract.channel, contract.name);
    const organizations = membersOf(declared, contract.channel, up);
    const sufficient = sufficientSets(policy, organizations);
    const reason = reasonAgainst(declared, contract, up, { policy, organizations, sufficient });
    return {
      contract: contract.name,
      channel: contract.channel,
      policy: policy.text,
      organizations,
      sufficient,
      canBeMet: reason === null,
      reason,
    };
  }
}

function membersOf(declared: DeclaredNetwork, channel: string, up: ReadonlySet<string>): Organizations {
  const members = declared.channels.find(({ name }) => name === channel)?.members ?? [];
  return declared.organizations
    .filter(({ name }) => members.includes(name))
    .map(({ name, mspId }) => {
      const peers = declared.nodes.filter((node) => node.role === 'peer' && node.organization === name);
      return {
        name,
        mspId,
        peers: peers.length,
        running: peers.filter((peer) => up.has(peer.name)).length,
      };
    });
}

/** The smallest sets of organizations whose peers, all up, satisfy the policy. */
function sufficientSets(policy: EndorsementPolicy, organizations: Organizations): string[][] {
  const considered = organizations.slice(0, MOST_ORGANIZATIONS);
  const all = Array.from({ length: 2 ** considered.length }, (_, bits) =>
    considered.filter((_organization, index) => (bits >> index) & 1),
  ).sort((a, b) => a.length - b.length);
  const found: string[][] = [];
  for (const set of all) {
    if (found.length >= MOST_SETS) break;
    const mspIds = set.map(({ mspId }) => mspId);
    if (found.some((smaller) => smaller.every((mspId) => mspIds.includes(mspId)))) continue;
    if (policy.satisfiedBy(new Map(set.map(({ mspId, peers }) => [mspId, peers])))) found.push(mspIds);
  }
  return found;
}

function reasonAgainst(
  declared: DeclaredNetwork,
  contract: DeclaredNetwork['contracts'][number],
  up: ReadonlySet<string>,
  {
    policy,
    organizations,
    sufficient,
  }: { policy: EndorsementPolicy; organizations: Organizations; sufficient: string[][] },
): string | null {
  const program = declared.nodes.find(
    ({ role, address }) => role === 'contract' && address === contract.address,
  );
  if (program && !up.has(program.name)) {
    return `The process that runs ${contract.name} for every peer is not up: ${program.name}.`;
  }
  if (policy.satisfiedBy(new Map(organizations.map(({ mspId, running }) => [mspId, running])))) return null;
  const down = organizations.filter(
    ({ mspId, running }) => running === 0 && sufficient.some((set) => set.includes(mspId)),
  );
  return down.length === 0
    ? 'The peers that are up are too few for the policy.'
    : `No peer of ${down.map(({ name }) => name).join(' and ')} is up.`;
}
