import { describe, expect, test, vi } from 'vitest';
import type { ConsoleClient } from '../api/client';
import { createCore } from '../core/core';
import { fakePorts } from '../core/fakes';
import { mayLeave } from './leaving';
import type { LeavingDialogs } from './leaving';

function console(running: boolean) {
  const ports = fakePorts();
  const networkDown = vi.fn();
  const core = createCore(ports, { networkDown });
  const log: string[] = [];
  const dialogs = {
    ask: vi.fn<LeavingDialogs['ask']>(() => Promise.resolve({ choice: 'leave', remember: true })),
    stopping: vi.fn(),
    stopFailed: vi.fn(() => Promise.resolve(false)),
  };
  const leave = async (client?: () => Promise<ConsoleClient | undefined>) => {
    if (running) await ports.host.start('orderer.test');
    return mayLeave(client ?? (() => Promise.resolve(core.openSession('admin'))), dialogs, (line) =>
      log.push(line),
    );
  };
  const runs = async () => (await ports.host.processes()).some(({ state }) => state === 'running');
  const remembered = async () => (await ports.settings.read()).onClose;
  return { dialogs, leave, runs, remembered, networkDown, core, ports, log };
}

describe('leaving the console', () => {
  test('asks once what becomes of a running network, and remembers', async () => {
    const { dialogs, leave, runs, remembered } = console(true);
    expect(await leave()).toBe(true);
    expect(await leave()).toBe(true);
    expect(dialogs.ask).toHaveBeenCalledExactlyOnceWith('testnet');
    expect(await remembered()).toBe('leave');
    expect(await runs()).toBe(true);
  });

  test('asks again next time where the answer was not to be remembered', async () => {
    const { dialogs, leave, remembered } = console(true);
    dialogs.ask.mockResolvedValue({ choice: 'leave', remember: false });
    await leave();
    await leave();
    expect(dialogs.ask).toHaveBeenCalledTimes(2);
    expect(await remembered()).toBe('ask');
  });

  test('stops the network where that was the answer, and says so meanwhile', async () => {
    const { dialogs, leave, runs } = console(true);
    dialogs.ask.mockResolvedValue({ choice: 'stop', remember: true });
    expect(await leave()).toBe(true);
    expect(dialogs.stopping).toHaveBeenCalledWith('testnet');
    expect(await runs()).toBe(false);
  });

  test('does what the settings say without asking', async () => {
    const { dialogs, leave, runs, ports } = console(true);
    await ports.settings.change({ onClose: 'stop' });
    expect(await leave()).toBe(true);
    expect(dialogs.ask).not.toHaveBeenCalled();
    expect(await runs()).toBe(false);
  });

  test('leaves as answered although the answer cannot be kept, and says so in its log', async () => {
    const { leave, ports, log } = console(true);
    ports.settings.change = () => Promise.reject(new Error('the disk is full'));
    expect(await leave()).toBe(true);
    expect(log.join()).toContain('the disk is full');
  });

  test('stays where that was the answer', async () => {
    const { dialogs, leave, runs } = console(true);
    dialogs.ask.mockResolvedValue(undefined);
    expect(await leave()).toBe(false);
    expect(await runs()).toBe(true);
  });

  test('shows why a network could not be stopped, and stays or leaves as told', async () => {
    const { dialogs, leave, ports } = console(true);
    dialogs.ask.mockResolvedValue({ choice: 'stop', remember: false });
    ports.host.down = () => Promise.reject(new Error('a node does not end'));
    expect(await leave()).toBe(false);
    dialogs.stopFailed.mockResolvedValue(true);
    expect(await leave()).toBe(true);
    expect(dialogs.stopFailed).toHaveBeenCalledWith(
      expect.objectContaining({ detail: 'a node does not end' }),
    );
  });

  test('of a network that does not run nothing is asked, and its idle supervisor ends', async () => {
    const { dialogs, leave, networkDown } = console(false);
    expect(await leave()).toBe(true);
    expect(dialogs.ask).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(networkDown).toHaveBeenCalledOnce());
  });

  test('a network that is just being started is asked about', async () => {
    const { dialogs, leave, ports, core } = console(false);
    ports.host.duringUp = () => new Promise(() => undefined);
    await core.openSession('admin').call('network.up', {});
    expect(await leave()).toBe(true);
    expect(dialogs.ask).toHaveBeenCalledOnce();
  });

  test('where no supervisor runs or answers it simply leaves', async () => {
    const { dialogs, leave } = console(true);
    expect(await leave(() => Promise.resolve(undefined))).toBe(true);
    expect(await leave(() => Promise.reject(new Error('EACCES')))).toBe(true);
    expect(dialogs.ask).not.toHaveBeenCalled();
  });
});
