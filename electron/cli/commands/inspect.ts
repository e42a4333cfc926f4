import type { ConsoleClient } from '../../api/client';
import type { NodeStatus } from '../../api/models';
import { unwrap } from '../invocation';
import type { Invocation } from '../invocation';
import { megabytes, table } from '../output';

const nodeTable = (nodes: readonly NodeStatus[]): string =>
  table(
    ['node', 'role', 'state', 'health', 'address', 'cpu', 'memory', 'channels'],
    nodes.map((node) => [
      node.name,
      node.role,
      node.state,
      node.state === 'stopped' ? '–' : node.health.status,
      node.address,
      node.cpuPercent === null ? '–' : `${node.cpuPercent.toFixed(0)} %`,
      megabytes(node.residentBytes),
      node.channels.map((channel) => `${channel.name} ${channel.height}`).join(', '),
    ]),
    { right: ['cpu', 'memory'], optional: ['channels', 'role', 'cpu', 'memory', 'address'] },
  );

export async function status(invocation: Invocation, client: ConsoleClient): Promise<void> {
  const value = unwrap(await client.call('network.status', {}));
  invocation.output.result(value, () => {
    const channels = table(
      ['channel', 'height', 'contract', 'members'],
      value.channels.map((channel) => [
        channel.name,
        channel.height ?? '–',
        channel.contract ? `${channel.contract.name} ${channel.contract.version}` : '–',
        channel.members.join(', '),
      ]),
      { right: ['height'] },
    );
    const reasons = value.nodes.flatMap((node) =>
      node.health.reasons.map((reason) => `  ${node.name}: ${reason}`),
    );
    return [
      `${value.network}: ${value.state}${value.runtime ? `, ${value.runtime} runtime` : ''}`,
      '',
      nodeTable(value.nodes),
      '',
      channels,
      ...(value.state === 'stopped' || reasons.length === 0 ? [] : ['', ...reasons]),
      ...value.storeFaults.flatMap(({ title, detail, hint }) => ['', `${title} ${detail}`, `→ ${hint}`]),
    ].join('\n');
  });
}

export async function listNodes(invocation: Invocation, client: ConsoleClient): Promise<void> {
  const { nodes } = unwrap(await client.call('network.status', {}));
  invocation.output.result(nodes, () =>
    [
      nodeTable(nodes),
      ...nodes.flatMap(({ name, drift }) =>
        drift === null || drift.length === 0
          ? []
          : [
              '',
              `${name} is not as the topology has it:`,
              ...drift.map((setting) => `  ${setting}`),
              `→ \`cityflow nodes recreate ${name}\` makes it anew; its ledger stays.`,
            ],
      ),
    ].join('\n'),
  );
}

export type NodeVerb = 'start' | 'stop' | 'restart' | 'kill' | 'pause' | 'resume' | 'remove' | 'recreate';

export async function changeNode(
  invocation: Invocation,
  client: ConsoleClient,
  verb: NodeVerb,
  node: string,
): Promise<void> {
  const value = unwrap(await client.call(`node.${verb}`, { node }));
  invocation.output.result(
    value,
    () => `${value.name} ${value.state === 'killed' ? 'was killed' : `is ${value.state}`}.`,
  );
}

/** Its output goes to stdout, its exit code is this command's. */
export async function exec(
  invocation: Invocation,
  client: ConsoleClient,
  node: string,
  command: readonly string[],
): Promise<void> {
  const value = unwrap(await client.call('node.exec', { node, command: [...command] }));
  invocation.output.result(value, () => value.output.replace(/\n$/, ''));
  process.exitCode = value.exitCode;
}

export async function logs(
  invocation: Invocation,
  client: ConsoleClient,
  node: string,
  options: { follow: boolean; tail: number },
): Promise<void> {
  const lines: string[] = [];
  let empty = true;
  const subscription = client.subscribe('node.logs', { node, ...options }, (events, dropped) => {
    if (dropped > 0) invocation.output.note(`(${dropped} lines were too fast for this terminal)`);
    for (const { line } of events) {
      empty = false;
      if (invocation.output.json) lines.push(line);
      else process.stdout.write(`${line}\n`);
    }
  });
  const stop = () => subscription.close();
  process.once('SIGINT', stop);
  // Whoever read the lines has gone, `head` for example.
  process.stdout.once('error', stop);
  const broken = await subscription.ended;
  process.off('SIGINT', stop);
  process.stdout.off('error', stop);
  if (broken) unwrap({ ok: false, problem: broken });
  if (empty && options.tail > 0)
    invocation.output.note(`${node} has written no log yet: \`cityflow up\` starts it.`);
  if (invocation.output.json) invocation.output.result({ node, lines }, () => '');
}

export async function listChannels(invocation: Invocation, client: ConsoleClient): Promise<void> {
  const { channels } = unwrap(await client.call('network.status', {}));
  invocation.output.result(channels, () =>
    table(
      ['channel', 'height', 'contract', 'sequence', 'members'],
      channels.map((channel) => [
        channel.name,
        channel.height ?? '–',
        channel.contract ? `${channel.contract.name} ${channel.contract.version}` : '–',
        channel.contract?.sequence ?? '–',
        channel.members.join(', '),
      ]),
      { right: ['height', 'sequence'], optional: ['sequence'] },
    ),
  );
}

export async function showChannel(
  invocation: Invocation,
  client: ConsoleClient,
  channel: string,
): Promise<void> {
  const value = unwrap(await client.call('channel.show', { channel }));
  invocation.output.result(value, () =>
    [
      `${value.name}, height ${value.height ?? '–'}${
        value.contract ? `, contract ${value.contract.name} ${value.contract.version}` : ''
      }`,
      `Blocks are cut after ${value.blockCutting.batchTimeoutMs} ms, ${value.blockCutting.maxMessageCount} transactions or ${value.blockCutting.preferredMaxBytes} bytes.`,
      `Orderers: ${value.ordererEndpoints.join(', ')}`,
      `Capabilities: channel ${value.capabilities.channel.join(', ')}; orderer ${value.capabilities.orderer.join(', ')}; application ${value.capabilities.application.join(', ')}`,
      `Block 0: ${value.genesisHash ?? 'not read'}`,
      '',
      table(
        ['peer', 'MSP', 'joined', 'height', 'tip'],
        value.peers.map((peer) => [
          peer.node,
          peer.mspId,
          peer.joined === null ? `unknown: ${peer.problem ?? ''}` : peer.joined ? 'yes' : 'no',
          peer.height ?? '–',
          peer.tipHash ? `${peer.tipHash.slice(0, 8)}…${peer.tipHash.slice(-6)}` : '–',
        ]),
        { right: ['height'], optional: ['tip', 'MSP'] },
      ),
      '',
      table(
        ['organization', 'MSP', 'anchor peers'],
        value.organizations.map((organization) => [
          organization.name,
          organization.mspId,
          organization.anchorPeers.join(', '),
        ]),
      ),
      '',
      table(['policy', 'rule'], Object.entries(value.policies)),
    ].join('\n'),
  );
}

export async function listContracts(invocation: Invocation, client: ConsoleClient): Promise<void> {
  const contracts = unwrap(await client.call('contract.list', {}));
  invocation.output.result(contracts, () =>
    table(
      ['contract', 'channel', 'declared', 'committed', 'endorsement'],
      contracts.map((contract) => [
        contract.name,
        contract.channel,
        `${contract.declared.version} (sequence ${contract.declared.sequence})`,
        contract.committed
          ? `${contract.committed.version} (sequence ${contract.committed.sequence})`
          : 'not yet',
        contract.committed?.endorsement ?? contract.declared.endorsement,
      ]),
      { optional: ['declared'] },
    ),
  );
}

export async function showContract(
  invocation: Invocation,
  client: ConsoleClient,
  contract: string,
): Promise<void> {
  const value = unwrap(await client.call('contract.show', { contract }));
  invocation.output.result(value, () =>
    [
      `${value.name} on ${value.channel}, served at ${value.address}`,
      `Package ${value.packageId}`,
      value.committed
        ? `Committed: version ${value.committed.version}, sequence ${value.committed.sequence}, endorsed by ${value.committed.endorsement}`
        : 'Not committed yet.',
      '',
      ...(value.functions === null
        ? [`Its functions are not known. ${value.noFunctions ?? ''}`.trim()]
        : value.functions.map(
            (fn) =>
              `  ${fn.kind.padEnd(9)} ${fn.call}(${fn.parameters?.map((parameter) => `${parameter.name}: ${parameter.type}`).join(', ') ?? '…'})`,
          )),
    ].join('\n'),
  );
}

export async function listIdentities(invocation: Invocation, client: ConsoleClient): Promise<void> {
  const identities = unwrap(await client.call('identity.list', {}));
  if (identities.length === 0) {
    invocation.output.note('No identity has been issued yet: the first `cityflow up` does that.');
  }
  invocation.output.result(identities, () =>
    table(
      ['identity', 'MSP', 'role', 'attributes', 'expires'],
      identities.map((identity) => [
        identity.id,
        identity.mspId,
        identity.role,
        Object.entries(identity.attributes)
          .map(([name, value]) => `${name}=${value}`)
          .join(' '),
        identity.expires.slice(0, 10),
      ]),
    ),
  );
}

export async function environment(
  invocation: Invocation,
  client: ConsoleClient,
  identity: string,
): Promise<void> {
  const { variables } = unwrap(await client.call('identity.environment', { identity }));
  invocation.output.result({ variables }, () =>
    Object.entries(variables)
      .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
      .join('\n'),
  );
}

export async function exportProfile(
  invocation: Invocation,
  client: ConsoleClient,
  organization: string,
): Promise<void> {
  const profile = unwrap(await client.call('network.profile', { organization }));
  invocation.output.result(profile, () => JSON.stringify(profile, null, 2));
}
