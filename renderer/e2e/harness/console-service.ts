import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { request } from 'playwright';
import type { BrowserContextOptions } from 'playwright';
import {
  CODE_PARAMETER,
  CONSOLE_HEADER,
  CONSOLE_HEADER_VALUE,
  SESSION_PATH,
} from '../../../electron/api/browser-service';
import type { CommandLine } from '../../../electron/cli/testing/command-line';
import { root } from './shells';

export type Session = Exclude<BrowserContextOptions['storageState'], string | undefined>;

interface Announced {
  readonly origin: string;
  readonly link: string;
  readonly viewerLink: string | null;
}

/** `cityflow serve` as a process of its own, as a user starts it. */
export class ConsoleService {
  private constructor(
    private readonly child: ChildProcess,
    private readonly announced: Announced,
  ) {}

  /** @throws Error with what it said, where it ends instead of announcing itself */
  static async start(cityflow: CommandLine, ...args: string[]): Promise<ConsoleService> {
    const program = path.join(root, 'out', 'cityflow.cjs');
    const child = spawn(process.execPath, [program, ...cityflow.options, '--json', 'serve', ...args], {
      env: { ...process.env, CITYFLOW_HOME: cityflow.home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let announcement = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const announced = await new Promise<Announced>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        announcement += text;
        if (announcement.endsWith('}\n')) resolve(JSON.parse(announcement) as Announced);
      });
      child.once('exit', () => reject(new Error(`cityflow serve ended: ${announcement}${said}`)));
    });
    return new ConsoleService(child, announced);
  }

  get origin(): string {
    return this.announced.origin;
  }

  /** Works once. */
  get link(): string {
    return this.announced.link;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('cityflow serve was never started');
    return this.child.pid;
  }

  /** Signs in by the printed link; for browsers that shall be signed in from the start. */
  signInAsAdmin(): Promise<Session> {
    return this.#signIn(this.announced.link);
  }

  /** Needs `--viewer-link`. */
  signInAsViewer(): Promise<Session> {
    if (this.announced.viewerLink === null) throw new Error('cityflow serve printed no link for viewers');
    return this.#signIn(this.announced.viewerLink);
  }

  async #signIn(link: string): Promise<Session> {
    const code = new URLSearchParams(new URL(link).hash.slice(1)).get(CODE_PARAMETER);
    const http = await request.newContext();
    try {
      const answer = await http.post(this.origin + SESSION_PATH, {
        headers: { origin: this.origin, [CONSOLE_HEADER]: CONSOLE_HEADER_VALUE },
        data: { code },
      });
      if (!answer.ok()) throw new Error(`signing in was refused: ${await answer.text()}`);
      return await http.storageState();
    } finally {
      await http.dispose();
    }
  }

  /** As Ctrl-C does; a network that it started ends with it. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGINT');
    await ended;
  }
}
