import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandLine } from '../../../electron/cli/testing/command-line';
import { newCommandLine } from '../../../electron/cli/testing/spec-runtime';
import type { SpecRuntime } from '../../../electron/cli/testing/spec-runtime';
import { ConsoleService } from './console-service';
import type { Session } from './console-service';

/** A running network in a home of its own, on ports of its own, with a console service beside it. */
export class CityNetwork {
  private constructor(
    readonly cityflow: CommandLine,
    readonly service: ConsoleService,
    readonly sessions: { readonly admin: Session; readonly viewer: Session },
    private readonly ends: boolean,
  ) {}

  /**
   * While specs are written a network of one's own can be kept: CITYFLOW_E2E_HOME names its home, with the topology in
   * it, and nothing of it is stopped or deleted.
   */
  static async start(runtime: SpecRuntime): Promise<CityNetwork> {
    const kept = process.env['CITYFLOW_E2E_HOME'];
    const cityflow = kept ? await CommandLine.open(kept) : await newCommandLine(runtime);
    try {
      await leaveRunning(cityflow);
      await cityflow.json('up', ...(kept ? [] : ['--runtime', runtime]), '--detach');
      // Beside a console that is open on the kept network already.
      const port = kept ? ['--port', '0'] : [];
      const service = await ConsoleService.start(cityflow, '--no-network', '--viewer-link', ...port);
      const [admin, viewer] = [await service.signInAsAdmin(), await service.signInAsViewer()];
      return new CityNetwork(cityflow, service, { admin, viewer }, !kept);
    } catch (error) {
      if (!kept) await cityflow.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.service.close();
    if (this.ends) await this.cityflow.close();
  }
}

/** The desktop's answer to its question on leaving, as if it had been given before: specs close many windows. */
async function leaveRunning({ home }: CommandLine): Promise<void> {
  const folder = path.join(home, 'desktop');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(folder, 'shell.json'), JSON.stringify({ leaving: 'leave-running' }));
}
