import { byteCount, durationMs } from './quantities';
import { formatPath, type FieldPath } from './positions';
import { describe, type FieldFinding } from './schema-findings';
import type { Channel, Organization, Topology } from './schema';

/** Blocks larger than this can't be delivered: peers accept messages up to 100 MB (`peer.maxRecvMsgSize`). */
const MAX_BLOCK_BYTES = 100 * 1024 * 1024;
/** Users every peer organization gets, as from cryptogen. */
const RESERVED_USERS = ['admin', 'user1'];

interface Entry {
  readonly path: FieldPath;
  readonly value: string | number;
}

/** What needs more than one field to judge: uniqueness, references, sizes. `topology` already fits the schema. */
export function crossChecks(topology: Topology): FieldFinding[] {
  return [
    ...uniqueNames(topology),
    ...duplicates('a port', portEntries(topology)),
    ...topology.organizations.flatMap(organizationChecks),
    ...organizationKinds(topology),
    ...orderingChecks(topology.ordering),
    ...topology.channels.flatMap((channel, index) => channelChecks(topology, channel, index)),
  ];
}

/** A finding for each entry that repeats an earlier one; letters count as equal in either case. */
export function duplicates(what: string, entries: readonly Entry[]): FieldFinding[] {
  const first = new Map<string, FieldPath>();
  return entries.flatMap(({ path, value }): FieldFinding[] => {
    const key = String(value).toLowerCase();
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, path);
      return [];
    }
    return [
      { path, expected: `${what} of its own`, found: `${describe(value)}, taken by ${formatPath(earlier)}` },
    ];
  });
}

function uniqueNames({ organizations, channels }: Topology): FieldFinding[] {
  const ofOrganizations = (field: 'name' | 'mspId' | 'domain'): Entry[] =>
    organizations.map((organization, index) => ({
      path: ['organizations', index, field],
      value: organization[field],
    }));
  return [
    ...duplicates('a name', ofOrganizations('name')),
    ...duplicates('an MSP id', ofOrganizations('mspId')),
    ...duplicates('a domain', ofOrganizations('domain')),
    ...duplicates('a name', nodeEntries(organizations)),
    ...duplicates(
      'a name',
      channels.map(({ name }, index) => ({ path: ['channels', index, 'name'], value: name })),
    ),
  ];
}

function nodeEntries(organizations: readonly Organization[]): Entry[] {
  return organizations.flatMap((organization, index) =>
    organization.nodes.map(({ name }, node) => ({
      path: ['organizations', index, 'nodes', node, 'name'],
      value: name,
    })),
  );
}

function portEntries(topology: Topology): Entry[] {
  const ofNodes = topology.organizations.flatMap((organization, index) =>
    organization.nodes.flatMap((node, position) =>
      Object.entries(node.ports).map(([use, value]) => ({
        path: ['organizations', index, 'nodes', position, 'ports', use],
        value,
      })),
    ),
  );
  return [
    ...ofNodes,
    ...topology.contracts.map(({ port }, index) => ({ path: ['contracts', index, 'port'], value: port })),
    { path: ['backend', 'port'], value: topology.backend.port },
    { path: ['console', 'port'], value: topology.console.port },
  ];
}

function organizationChecks(organization: Organization, index: number): FieldFinding[] {
  const outside = organization.nodes.flatMap((node, position): FieldFinding[] => {
    const label = node.name.slice(0, -organization.domain.length - 1);
    const inside = node.name === `${label}.${organization.domain}` && label !== '' && !label.includes('.');
    if (inside) return [];
    const path = ['organizations', index, 'nodes', position, 'name'];
    return [{ path, expected: `a host directly in ${organization.domain}`, found: describe(node.name) }];
  });
  if (organization.kind === 'orderer') return outside;
  const names = organization.identities.map(({ name }, position) => ({
    path: ['organizations', index, 'identities', position, 'name'],
    value: name,
  }));
  const reserved = names
    .filter(({ value }) => RESERVED_USERS.includes(value.toLowerCase()))
    .map(({ path, value }) => ({
      path,
      expected: 'a name other than Admin and User1',
      found: describe(value),
    }));
  return [...outside, ...reserved, ...duplicates('a name', names)];
}

function organizationKinds({ organizations }: Topology): FieldFinding[] {
  const orderers = organizations.flatMap((organization, index) =>
    organization.kind === 'orderer' ? [index] : [],
  );
  const findings: FieldFinding[] = orderers.slice(1).map((index) => ({
    path: ['organizations', index, 'kind'],
    expected: 'exactly one organization of kind orderer',
    found: `another one beside organizations[${orderers[0]}]`,
  }));
  if (orderers.length === 0) {
    findings.push({
      path: ['organizations'],
      expected: 'exactly one organization of kind orderer',
      found: 'none',
    });
  }
  if (orderers.length === organizations.length) {
    findings.push({
      path: ['organizations'],
      expected: 'at least one organization of kind peer',
      found: 'none',
    });
  }
  return findings;
}

/** As an orderer checks them (common/channelconfig/orderer.go), and that peers can receive the blocks. */
function orderingChecks(ordering: Topology['ordering']): FieldFinding[] {
  const findings: FieldFinding[] = [];
  const require = (holds: boolean, field: keyof Topology['ordering'], expected: string): void => {
    if (!holds) findings.push({ path: ['ordering', field], expected, found: describe(ordering[field]) });
  };
  const preferred = byteCount(ordering.preferredMaxBytes);
  const absolute = byteCount(ordering.absoluteMaxBytes);
  require(durationMs(ordering.batchTimeout) > 0, 'batchTimeout', 'more than 0');
  require(absolute > 0 && absolute <= MAX_BLOCK_BYTES, 'absoluteMaxBytes', 'more than 0 and at most 100 MB');
  require(preferred > 0, 'preferredMaxBytes', 'more than 0');
  require(preferred <=
    absolute, 'preferredMaxBytes', `at most absoluteMaxBytes (${ordering.absoluteMaxBytes})`);
  return findings;
}

function channelChecks({ organizations }: Topology, channel: Channel, index: number): FieldFinding[] {
  const names = organizations.filter(({ kind }) => kind === 'peer').map(({ name }) => name);
  const entries = channel.members.map((value, member) => ({
    path: ['channels', index, 'members', member],
    value,
  }));
  const unknown = entries
    .filter(({ value }) => !names.includes(value))
    .map(({ path, value }) => ({
      path,
      expected: `a peer organization: ${names.join(', ')}`,
      found: describe(value),
    }));
  return [...unknown, ...duplicates('a member', entries)];
}
