/** Life of a node process: start, graceful stop, and the end of an orphan. */
import { activateLogSpec, createLogger } from './logging';

const logger = createLogger('node');

export interface RunningNode {
  /** Finishes what was begun, flushes, and resolves; called once. */
  close(): Promise<void>;
}

const STOP_DEADLINE_MS = 10_000;
/** What a Go program exits with after a panic. */
const PANIC_EXIT_CODE = 2;

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const causes: string[] = [error.message];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    if (!causes.at(-1)?.includes(cause.message)) causes.push(cause.message);
  }
  return causes.join(': ');
}

/**
 * Runs a node until SIGTERM or SIGINT – or, when a supervisor started it (CITYFLOW_SUPERVISED=1), until the pipe on
 * its standard input ends, so that a crashed supervisor leaves no orphans. Exit codes: 0 stopped, 1 could not start
 * or stop in order, 2 failed while running.
 */
export function runNode(start: () => Promise<RunningNode>, variables: NodeJS.ProcessEnv = process.env): void {
  let node: RunningNode | undefined;
  let stopping = false;

  const stop = async (why: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info(`stopping: ${why}`);
    setTimeout(() => {
      logger.error(`not stopped within ${STOP_DEADLINE_MS / 1000} s, exiting`);
      process.exit(1);
    }, STOP_DEADLINE_MS).unref();
    try {
      await node?.close();
      process.exit(0);
    } catch (error) {
      logger.error(`could not stop in order: ${describe(error)}`);
      process.exit(1);
    }
  };

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void stop(`received ${signal}`));
  if (variables['CITYFLOW_SUPERVISED'] === '1') {
    process.stdin.on('end', () => void stop('the supervisor asked for it, or is gone'));
    process.stdin.on('error', () => void stop('the supervisor asked for it, or is gone'));
    process.stdin.resume();
  }
  const failed = (error: unknown): void => {
    logger.error(`unexpected failure: ${describe(error)}`, {
      stack: error instanceof Error ? error.stack : undefined,
    });
    process.exit(PANIC_EXIT_CODE);
  };
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);

  const run = async (): Promise<void> => {
    try {
      activateLogSpec(variables['FABRIC_LOGGING_SPEC'] ?? 'info');
      node = await start();
    } catch (error) {
      logger.error(`could not start: ${describe(error)}`);
      if (logger.enabled('debug') && error instanceof Error) logger.debug(error.stack ?? '');
      process.exit(1);
    }
  };
  void run();
}
