import { expect, test } from 'vitest';
import { createCore } from './core';
import { FakeHost, fakePorts } from './fakes';

function opened() {
  const host = new FakeHost();
  host.duringUp = (signal) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
    );
  const core = createCore(fakePorts({ host }), { networkDown: () => undefined });
  return { admin: core.openSession('admin'), operator: core.openSession('operator'), core };
}

test('a task is cancelled by whoever may start it, and by nobody else', async () => {
  const { admin, operator, core } = opened();
  const started = await admin.call('network.up', {});
  const task = started.ok ? started.value.task : '';
  expect(await operator.call('task.cancel', { task })).toMatchObject({
    problem: { code: 'ROLE_TOO_LOW', title: 'Cancelling network.up needs the role admin.' },
  });
  expect(await operator.call('task.list', {})).toMatchObject({ value: [{ state: 'running' }] });
  expect(await admin.call('task.cancel', { task })).toMatchObject({ ok: true });
  core.close();
});

test('who only looks may cancel what looks only, and is told of a task that is not known', async () => {
  const { core } = opened();
  const viewer = core.openSession('viewer');
  const started = await viewer.call('money.verify', {});
  expect(await viewer.call('task.cancel', { task: started.ok ? started.value.task : '' })).toMatchObject({
    ok: true,
  });
  expect(await viewer.call('task.cancel', { task: 'gone' })).toMatchObject({
    problem: { code: 'BAD_REQUEST', title: 'There is no task gone.' },
  });
  core.close();
});
