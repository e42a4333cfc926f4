import { connectSupervisor } from '../../supervisor/connect';
import { unwrap } from '../invocation';
import type { Invocation } from '../invocation';
import { runTask, seconds } from '../task-progress';
import type { RuntimeName } from '../../api/models';
import { up } from './up';

/** The main job in one go; brings the network up first, and leaves it running, if it isn't. */
export async function demo(
  invocation: Invocation,
  options: { runtime: RuntimeName | undefined; native: readonly string[] },
): Promise<void> {
  const quiet = { ...invocation, output: { ...invocation.output, result: () => undefined } };
  await up(quiet, { ...options, detach: true });
  const client = await connectSupervisor(invocation.location.folder);
  if (!client) throw new Error('the supervisor ended right after the network was ready');
  try {
    const value = unwrap(await runTask(client, 'demo.run', {}, invocation.output));
    invocation.output.result(
      value,
      () => `Demo done: ${value.steps} steps in ${seconds(value.durationMs)}. The network is still running.`,
    );
  } finally {
    await client.close();
  }
}
