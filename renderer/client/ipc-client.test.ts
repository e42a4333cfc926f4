import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BRIDGE, DESKTOP_PROTOCOL } from '../../electron/api/desktop-bridge';
import type { DesktopBridge } from '../../electron/api/desktop-bridge';
import { desktopBridge, openDesktopClient } from './ipc-client';

/** A shell as the page sees it: what it sent, and ways to say something to it. */
function shell(protocol = DESKTOP_PROTOCOL) {
  const told: unknown[] = [];
  const sent: unknown[] = [];
  const onMessage = new Set<(message: unknown) => void>();
  const onTold = new Set<(message: unknown) => void>();
  const hear = (listeners: Set<(message: unknown) => void>) => (listener: (message: unknown) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const bridge: DesktopBridge = {
    send: (message) => void sent.push(message),
    onMessage: hear(onMessage),
    tell: (message) => void told.push(message),
    onTold: hear(onTold),
  };
  const say = (message: unknown) => onTold.forEach((listener) => listener(message));
  const answer = () =>
    say({ kind: 'opened', page: (told[0] as { page: string }).page, protocol, version: '1.2.3' });
  const deliver = (message: unknown) => onMessage.forEach((listener) => listener(message));
  return { bridge, sent, told, say, answer, deliver, listeners: () => onMessage.size + onTold.size };
}

const reload = vi.fn();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('hears nothing of an earlier page: its ids would be this page’s', async () => {
  const { bridge, say, answer, deliver } = shell();
  const opening = openDesktopClient(bridge, reload);
  deliver({ kind: 'reply', id: 1, value: 'an earlier page’s' });
  say({ kind: 'opened', page: 'another', protocol: DESKTOP_PROTOCOL, version: '0' });
  answer();
  const { client, version } = await opening;
  expect(version).toBe('1.2.3');
  const reply = client.call('task.list', {});
  deliver({ kind: 'reply', id: 1, value: [] });
  expect(await reply).toEqual({ ok: true, value: [] });
});

test('a shell of another build, or none, is said', async () => {
  const other = shell(99);
  const opening = openDesktopClient(other.bridge, reload);
  other.answer();
  await expect(opening).rejects.toThrow('protocol');
  const silent = shell();
  const waiting = openDesktopClient(silent.bridge, reload);
  vi.advanceTimersByTime(10_000);
  await expect(waiting).rejects.toThrow('does not answer');
  expect(silent.listeners()).toBe(0);
});

test('a shell that takes no more messages ends what is open, and the client says how it stands', async () => {
  const { bridge, say, answer } = shell();
  const opening = openDesktopClient(bridge, reload);
  answer();
  const { client } = await opening;
  expect(client.state.kind).toBe('connected');
  const changed = vi.fn();
  client.onStateChange(changed);
  const call = client.call('task.list', {});
  const problem = { code: 'FORBIDDEN', title: 't', detail: '', hint: '', retryable: false, sources: [] };
  say({ kind: 'lost', problem });
  expect(await call).toEqual({ ok: false, problem });
  expect(client.state).toMatchObject({ kind: 'lost', problem });
  expect(changed).toHaveBeenCalledOnce();
  client.retryNow();
  expect(reload).toHaveBeenCalledOnce();
});

test('a closed client listens to nothing any more', async () => {
  const { bridge, answer, listeners } = shell();
  const opening = openDesktopClient(bridge, reload);
  answer();
  const { client } = await opening;
  await client.close();
  expect(listeners()).toBe(0);
  expect(await client.call('task.list', {})).toMatchObject({ problem: { code: 'CONNECTION_LOST' } });
});

test('the bridge is found where a preload has put it', () => {
  const { bridge } = shell();
  expect(desktopBridge({ [BRIDGE]: bridge })).toBe(bridge);
  expect(desktopBridge({})).toBeUndefined();
});
