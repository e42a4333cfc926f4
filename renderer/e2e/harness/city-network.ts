import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandLine } from '../../../electron/cli/testing/command-line';
import { ConsoleService } from './console-service';
import type { Session } from './console-service';

/** A running network in a home of its own, on ports of its own, with a console service beside it. */
export class CityNetwork {
  private constructor(
    readonly cityflow: CommandLine,
    readonly service: ConsoleService,
    readonly sessions: { readonly admin: Session; readonly viewer: Session },
  ) {}

  static async start(): Promise<CityNetwork> {
    const cityflow = await CommandLine.create();
    try {
      await leaveRunning(cityflow);
      await cityflow.json('up', '--detach');
      const service = await ConsoleService.start(cityflow, '--no-network', '--viewer-link');
      const [admin, viewer] = [await service.signInAsAdmin(), await service.signInAsViewer()];
      return new CityNetwork(cityflow, service, { admin, viewer });
    } catch (error) {
      await cityflow.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.service.close();
    await this.cityflow.close();
  }
}

/** The desktop's answer to its question on leaving, as if it had been given before: specs close many windows. */
async function leaveRunning({ home }: CommandLine): Promise<void> {
  const folder = path.join(home, 'desktop');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(folder, 'shell.json'), JSON.stringify({ leaving: 'leave-running' }));
}
