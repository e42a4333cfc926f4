import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { STREAM_PATH } from '../../api/browser-service';
import type { Role } from '../../api/operations';
import { NONCE_PLACEHOLDER } from '../../core/content-security-policy';
import { Backoff } from '../../../renderer/client/backoff';
import { HttpClient } from '../../../renderer/client/http-client';
import type { Socket } from '../../../renderer/client/http-client';
import { SessionEndpoint } from '../../../renderer/client/session';
import { Assets } from '../assets';
import { startService } from '../service';
import type { ConsoleService, ServiceOptions } from '../service';
import type { OpenCoreSession } from '../stream';

export const SCRIPT_PATH = '/assets/app-0123abcd.js';
export const SCRIPT = `console.log(${JSON.stringify('city '.repeat(2000))});`;

/** Pages like the built ones, in a folder of their own. */
export async function writePages(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  const page = `<!doctype html><meta property="csp-nonce" nonce="${NONCE_PLACEHOLDER}"><title>Console</title>`;
  await writeFile(path.join(folder, 'index.html'), page);
  await writeFile(path.join(folder, SCRIPT_PATH), SCRIPT);
  await writeFile(path.join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
}

/** Browser mode on a free port of loopback, with pages of its own. */
export async function startTestService(
  openSession: OpenCoreSession,
  options: Partial<ServiceOptions> = {},
): Promise<ConsoleService> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'cityflow-pages-'));
  try {
    await writePages(folder);
    return await startService({
      network: 'testnet',
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      passwordUser: undefined,
      assets: await Assets.load(folder),
      openSession,
      ...options,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A browser of one user: keeps the cookie, sends its origin. */
export class TestBrowser {
  cookie = '';
  readonly endpoint = new SessionEndpoint((url, init) => this.fetch(url, init));

  constructor(readonly origin: string) {}

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('origin', this.origin);
    if (this.cookie) headers.set('cookie', this.cookie);
    const response = await fetch(this.origin + url, { ...init, headers });
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.cookie = cookie.replace(/;.*$/, '');
    return response;
  }

  /** Opens the link and connects. */
  static async open(
    service: ConsoleService,
    role: Role,
  ): Promise<{ browser: TestBrowser; client: HttpClient }> {
    const browser = new TestBrowser(service.origin);
    const code = new URLSearchParams(new URL(service.link(role)).hash.slice(1)).get('code') ?? '';
    const session = await browser.endpoint.begin(code);
    if (!session.ok) throw new Error(session.problem.title);
    return { browser, client: browser.connect(session.value.role) };
  }

  connect(role: Role = 'admin', openSocket: () => Socket = () => this.openSocket()): HttpClient {
    return new HttpClient({
      role,
      openSocket,
      sessionProblem: async () => {
        const current = await this.endpoint.current();
        return current.ok ? undefined : current.problem;
      },
      backoff: new Backoff(10, 50),
    });
  }

  openSocket(): WebSocket {
    return new WebSocket(this.origin.replace(/^http/, 'ws') + STREAM_PATH, {
      headers: { origin: this.origin, cookie: this.cookie },
    });
  }
}
