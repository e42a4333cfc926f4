import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ConsoleClient } from '../api/client';
import { LastingClient } from '../supervisor/lasting-client';
import { createCore } from './core';
import { fakePorts } from './fakes';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const CALLS = 50;

/** How many of the answers are still held by somebody once nobody here holds them. */
async function keptAnswers(client: ConsoleClient): Promise<number> {
  const answers: WeakRef<object>[] = [];
  for (let call = 0; call < CALLS; call += 1)
    answers.push(new WeakRef(await client.call('network.status', {})));
  await nextTurn();
  collectGarbage();
  return answers.filter((answer) => answer.deref() !== undefined).length;
}

const session = () => createCore(fakePorts(), { networkDown: () => undefined }).openSession('admin');

test('a session that stays open keeps no answer it gave', async () => {
  expect(await keptAnswers(session())).toBeLessThan(CALLS / 10);
});

test('nor does the client of a console that stays open', async () => {
  expect(await keptAnswers(new LastingClient(() => Promise.resolve(session())))).toBeLessThan(CALLS / 10);
});
