import type { Page } from 'playwright/test';
import { STREAM_PATH } from '../../../electron/api/browser-service';
import { isOperationName, operations } from '../../../electron/api/operations';
import { clientMessageSchema, serverMessageSchema } from '../../../electron/api/wire';

/** Hears what page and service say to each other over the WebSocket. Neither knows of it. */
export class WireListener {
  /** WebSockets to the service since listening began. */
  opened = 0;
  readonly calls: { readonly operation: string; readonly request: unknown }[] = [];
  /** Codes of the problems it was answered, but for calls that it took back itself. */
  readonly refused: string[] = [];

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      if (!socket.url().endsWith(STREAM_PATH)) return;
      this.opened += 1;
      const takenBack = new Set<number>();
      socket.on('framesent', ({ payload }) => {
        const message = clientMessageSchema.safeParse(jsonIn(payload)).data;
        if (message?.kind === 'call') this.calls.push(message);
        if (message?.kind === 'abort') takenBack.add(message.id);
      });
      socket.on('framereceived', ({ payload }) => {
        const message = serverMessageSchema.safeParse(jsonIn(payload)).data;
        if (message?.kind !== 'problem' || takenBack.has(message.id)) return;
        this.refused.push(message.problem.code);
      });
    });
  }

  /** Operations the page asked for, in order. */
  get called(): readonly string[] {
    return this.calls.map(({ operation }) => operation);
  }

  /** Calls that are no mere questions. */
  get changing(): readonly string[] {
    return this.called.filter((name) => !isOperationName(name) || operations[name].kind !== 'query');
  }
}

/** Heartbeats are no JSON. */
function jsonIn(payload: string | Buffer): unknown {
  const text = payload.toString();
  return text.startsWith('{') ? JSON.parse(text) : undefined;
}
