/**
 * Records what a console is answered by a network of genuine Fabric nodes, for renderer/recorded.test.tsx. Started by
 * `npm run record`; needs FABRIC_BIN and the shipped topology's ports.
 */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseRecording, requestKey } from '../../../renderer/testing/recording';
import { networkFolder } from '../../adapters/store/home';
import type { ConsoleClient } from '../../api/client';
import { networkStatusSchema } from '../../api/models';
import { openSupervisor } from '../../supervisor/launch';
import { neutral } from './neutral';
import type { Places } from './neutral';
import { askEverything } from './questions';
import type { Answer } from './questions';
import { recordStreams } from './record-streams';
import { disturbTheNetwork, LAGGING_PEER, mustRun, ORDERER, STOPPED_PEER, useTheNetwork } from './scenario';
import { valueOf } from './value-of';

const NETWORK = 'cityflow';
/** Stands in the audit log. */
const USER = 'ada';

const [project = '', out = ''] = process.argv.slice(2);
const say = (line: string) => process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const fabricPrograms = process.env['FABRIC_BIN'];
  if (!fabricPrograms)
    throw new Error('FABRIC_BIN names no folder with genuine programs: nothing to record.');
  const home = await mkdtemp(path.join(os.tmpdir(), 'cityflow-recording-'));
  process.env['CITYFLOW_HOME'] = home;
  const places = { home, project, fabricPrograms };
  const folder = networkFolder(home, NETWORK);
  const location = { network: NETWORK, folder, topologyFile: undefined, programs: path.join(project, 'out') };
  const client = await openSupervisor(location, process.execPath, undefined, 'admin', USER);
  try {
    say('Starting the network on genuine programs …');
    await mustRun(client, 'network.up', { runtime: 'native' });
    say('Using it …');
    await useTheNetwork(client);
    await record(client, places, 'genuine.json', 'All nodes run; some minutes of traffic on each channel.');
    say('Disturbing it …');
    const whileBehind = await disturbTheNetwork(client);
    const story = `${STOPPED_PEER} and ${ORDERER} are stopped, ${LAGGING_PEER} came back and is behind.`;
    await record(client, places, 'genuine-disturbed.json', story, whileBehind);
  } finally {
    await client.call('network.down', {});
    await client.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** @param seen answers that were given a moment before and are no longer; they stand for those given now */
async function record(
  client: ConsoleClient,
  places: Places,
  file: string,
  story: string,
  seen: readonly Answer[] = [],
): Promise<void> {
  const at = new Date().toISOString();
  const key = ({ operation, request }: Answer) => requestKey(operation, request);
  const earlier = new Map(seen.map((answer) => [key(answer), answer]));
  const answers = (await askEverything(client)).map((answer) => earlier.get(key(answer)) ?? answer);
  const status = networkStatusSchema.parse(statusIn(answers));
  const tasks = valueOf(await client.call('task.list', {}));
  const streams = (await recordStreams(client, status, tasks)).map((stream) =>
    stream.topic === 'network.status' ? { ...stream, events: [status] } : stream,
  );
  const node = valueOf(await client.call('node.show', { node: LAGGING_PEER }));
  const recorded = { at, runtime: 'native', version: node.version ?? 'unknown', story };
  const text = neutral(onePerLine(recorded, answers, streams), places);
  parseRecording(text);
  await mkdir(out, { recursive: true });
  const partial = path.join(out, `${file}.partial`);
  await writeFile(partial, text);
  await rename(partial, path.join(out, file));
  say(`${file}: ${answers.length} answers, ${streams.length} streams, ${Math.round(text.length / 1024)} KB`);
}

function statusIn(answers: readonly Answer[]): unknown {
  const status = answers.find(({ operation }) => operation === 'network.status');
  if (!status) throw new Error('network.status was not asked.');
  return valueOf(status.outcome);
}

/** JSON with one answer a line, so that a change of the wire shows as the lines that changed. */
function onePerLine(recorded: object, answers: readonly unknown[], streams: readonly unknown[]): string {
  const lines = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).join(',\n');
  return `{"recorded":${JSON.stringify(recorded)},\n"answers":[\n${lines(answers)}\n],\n"streams":[\n${lines(streams)}\n]}\n`;
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
