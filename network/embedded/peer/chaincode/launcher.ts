import { createLogger } from '../../node/logging';
import { withMessage } from '../../../protocol/cause';
import type { PackageStore } from '../lifecycle/package-store';
import { connectToChaincode } from './connection';
import { ChaincodeHandler, type HandlerHost } from './handler';

const logger = createLogger('chaincode');

export interface LauncherOptions {
  readonly packages: PackageStore;
  readonly host: HandlerHost;
  /** How long a chaincode may take from connection to registration (chaincode.startuptimeout), milliseconds. */
  readonly startupTimeoutMs: number;
}

/**
 * One stream for each package, opened when first needed and again after it has ended: a contract's process may restart
 * at any time (core/chaincode/runtime_launcher.go).
 */
export class ChaincodeLauncher {
  readonly #options: LauncherOptions;
  readonly #handlers = new Map<string, ChaincodeHandler>();
  readonly #launching = new Map<string, Promise<ChaincodeHandler>>();
  #closed = false;

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /** The ready handler of a package. Rejects with "could not launch chaincode …". */
  async launch(packageId: string): Promise<ChaincodeHandler> {
    const running = this.#handlers.get(packageId);
    if (running?.usable === true) return running;
    let launching = this.#launching.get(packageId);
    if (launching === undefined) {
      launching = this.#start(packageId).finally(() => this.#launching.delete(packageId));
      this.#launching.set(packageId, launching);
    }
    try {
      return await launching;
    } catch (cause) {
      throw withMessage(cause, `could not launch chaincode ${packageId}`);
    }
  }

  /** Ends every stream. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#launching.values());
    for (const handler of this.#handlers.values()) handler.close();
    this.#handlers.clear();
  }

  async #start(packageId: string): Promise<ChaincodeHandler> {
    const { metrics } = this.#options.host;
    const start = process.hrtime.bigint();
    let outcome: 'success' | 'failure' | 'timeout' = 'failure';
    try {
      const handler = await this.#connect(packageId);
      outcome = 'success';
      return handler;
    } catch (cause) {
      if (cause instanceof StartupTimeout) outcome = 'timeout';
      throw cause;
    } finally {
      metrics.launched(packageId, start, outcome);
    }
  }

  async #connect(packageId: string): Promise<ChaincodeHandler> {
    if (this.#closed) throw new Error('the peer is shutting down');
    const installed = this.#options.packages.find(packageId);
    if (installed === undefined) {
      throw new Error(
        `error building chaincode: error building image: failed to get chaincode package for external build: could not get legacy chaincode package '${packageId}'`,
      );
    }
    const connection = await connectToChaincode(installed);
    const handler = new ChaincodeHandler(packageId, connection.stream, this.#options.host);
    void handler.ended.then((cause) => {
      connection.close();
      if (this.#handlers.get(packageId) === handler) this.#handlers.delete(packageId);
      logger.info(`chaincode ${packageId}: connection ended`, { error: cause });
    });
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new StartupTimeout(packageId)), this.#options.startupTimeoutMs);
    });
    try {
      await Promise.race([handler.ready, timeout]);
    } catch (cause) {
      handler.close();
      throw cause instanceof StartupTimeout ? cause : withMessage(cause, 'chaincode registration failed');
    } finally {
      clearTimeout(timer);
    }
    this.#handlers.set(packageId, handler);
    return handler;
  }
}

class StartupTimeout extends Error {
  constructor(packageId: string) {
    super(`timeout expired while starting chaincode ${packageId} for transaction`);
  }
}
