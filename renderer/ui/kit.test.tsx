import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { aProblem } from '../client/testing/fake-client';
import { Button } from './button';
import { CopyId } from './copy-id';
import { ConfirmDialog } from './dialog';
import { Select } from './fields';
import { ProblemView } from './problem-view';
import { Resource } from './resource';
import { SegmentedControl } from './tabs';
import { Empty, Waiting } from './waiting';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('a problem', () => {
  const problem = aProblem({
    sources: [{ name: 'peer0.alpha.test', mspId: 'AlphaMSP', message: 'connection refused, said verbatim' }],
  });

  test('says what failed, why and what to do, and keeps who said what in folded details', () => {
    render(<ProblemView problem={problem} />);
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain('peer0.alpha.test does not answer');
    expect(alert.textContent).toContain('It is stopped.');
    expect(alert.textContent).toContain('Start it.');
    expect(alert.querySelector('details')?.open).toBe(false);
    expect(alert.querySelector('details')?.textContent).toContain('connection refused, said verbatim');
  });

  test('shows what was answered in each place where nothing else tells why there is no runtime', () => {
    render(
      <ProblemView
        problem={aProblem({
          code: 'RUNTIME_UNAVAILABLE',
          title: 'The image is not here and could not be fetched.',
          sources: [
            { name: 'mirror.test/fabric-peer', message: 'no such host' },
            { name: 'DOCKER_HOST', address: 'unix:///run/docker.sock', message: 'permission denied' },
          ],
        })}
      />,
    );
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'mirror.test/fabric-peer no such host',
      'DOCKER_HOST unix:///run/docker.sockpermission denied',
    ]);
  });

  test('offers to try again only where that can help', async () => {
    const retry = vi.fn();
    const { rerender } = render(<ProblemView problem={problem} onRetry={retry} />);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledOnce();
    rerender(<ProblemView problem={{ ...problem, retryable: false }} onRetry={retry} />);
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  test('copies its details whole', async () => {
    const user = userEvent.setup();
    render(<ProblemView problem={problem} />);
    await user.click(screen.getByText('Details'));
    await user.click(screen.getByRole('button', { name: 'Copy details' }));
    const copied = await navigator.clipboard.readText();
    expect(copied).toContain('NODE_UNAVAILABLE: peer0.alpha.test does not answer');
    expect(copied).toContain('peer0.alpha.test · AlphaMSP\n  connection refused, said verbatim');
  });
});

describe('what is loaded', () => {
  const none = { data: undefined, error: null, dataUpdatedAt: 0, isFetching: true, refetch: vi.fn() };

  test('shows nothing for 200 ms, then an outline, after ten seconds words and a way out', async () => {
    vi.useFakeTimers();
    const cancel = vi.fn();
    const { act } = await import('react');
    render(<Waiting what="Asking every peer" onCancel={cancel} />);
    expect(screen.queryByRole('status')).toBeNull();
    act(() => {
      vi.advanceTimersByTime(250);
    });
    expect(screen.getByRole('status').textContent).toBe('Asking every peer');
    expect(screen.queryByRole('button')).toBeNull();
    act(() => {
      vi.advanceTimersByTime(10_000);
    });
    expect(screen.getByRole('status').textContent).toContain('takes longer than usual');
    screen.getByRole('button', { name: 'Cancel' }).click();
    expect(cancel).toHaveBeenCalledOnce();
  });

  test('is not blanked by a later problem: it stays and says how old it is', () => {
    render(
      <Resource of={{ ...none, data: 'height 7', error: { problem: aProblem() }, dataUpdatedAt: 1 }} what="x">
        {(data) => <p>{data}</p>}
      </Resource>,
    );
    expect(screen.getByText('height 7')).toBeDefined();
    const status = screen.getByRole('status');
    expect(status.textContent).toBe('peer0.alpha.test does not answer');
    expect(status.parentElement?.textContent).toContain('Data from');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('gives its place to the problem where there is no answer at all', () => {
    render(
      <Resource of={{ ...none, error: { problem: aProblem() } }} what="x">
        {(data: string) => <p>{data}</p>}
      </Resource>,
    );
    expect(screen.getByRole('alert')).toBeDefined();
  });
});

test('emptiness says why, offers one action and names the command that does the same', () => {
  render(
    <Empty title="No spots yet" action={<Button>Register a spot</Button>} command="cityflow submit …">
      Nothing is registered.
    </Empty>,
  );
  expect(screen.getByText('Nothing is registered.')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Register a spot' })).toBeDefined();
  expect(screen.getByText('cityflow submit …').tagName).toBe('CODE');
});

describe('a dangerous question', () => {
  function Question({ onConfirm }: { onConfirm: () => void }) {
    const [isOpen, setOpen] = useState(false);
    return (
      <>
        <Button onPress={() => setOpen(true)}>Stop…</Button>
        <ConfirmDialog
          title="Stop orderer?"
          action="Stop orderer"
          isOpen={isOpen}
          onClose={() => setOpen(false)}
          onConfirm={onConfirm}
          typeToConfirm={{ label: 'Type the name of the network', name: 'testnet' }}
        >
          Commits stop on all channels.
        </ConfirmDialog>
      </>
    );
  }

  test('has its focus on Cancel, closes by Esc and returns the focus to where it came from', async () => {
    const user = userEvent.setup();
    render(<Question onConfirm={vi.fn()} />);
    await user.click(screen.getByRole('button', { name: 'Stop…' }));
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Cancel' }));
    await user.keyboard('{Escape}');
    await vi.waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    await vi.waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Stop…' })),
    );
  });

  test('can be answered only after the name was typed', async () => {
    const user = userEvent.setup();
    const confirm = vi.fn();
    render(<Question onConfirm={confirm} />);
    await user.click(screen.getByRole('button', { name: 'Stop…' }));
    await user.click(screen.getByRole('button', { name: 'Stop orderer' }));
    expect(confirm).not.toHaveBeenCalled();
    await user.type(screen.getByRole('textbox'), 'testnet');
    await user.click(screen.getByRole('button', { name: 'Stop orderer' }));
    expect(confirm).toHaveBeenCalledOnce();
  });
});

test('an id shows its ends and copies the whole', async () => {
  const user = userEvent.setup();
  const id = '39f28e96980465f39640366eba585e6d4866a8e209e22c06582519b2f933023e';
  render(<CopyId id={id} what="hash" />);
  expect(screen.getByText('39f28e…33023e').title).toBe(id);
  await user.click(screen.getByRole('button', { name: 'Copy hash' }));
  expect(await navigator.clipboard.readText()).toBe(id);
  expect(screen.getByRole('button', { name: 'Copied' })).toBeDefined();
});

test('of a few choices always one is in force, chosen by arrows or click', async () => {
  const user = userEvent.setup();
  const choose = vi.fn();
  render(
    <SegmentedControl
      label="Theme"
      items={[
        { id: 'light', title: 'Light' },
        { id: 'dark', title: 'Dark' },
      ]}
      selected="light"
      onSelect={choose}
    />,
  );
  const [light, dark] = screen.getAllByRole('radio');
  expect(light?.getAttribute('aria-checked')).toBe('true');
  await user.click(light ?? document.body);
  expect(choose).not.toHaveBeenCalledWith('dark');
  await user.click(dark ?? document.body);
  expect(choose).toHaveBeenCalledWith('dark');
});

test('a selection opens with the keyboard and answers the id', async () => {
  const user = userEvent.setup();
  const choose = vi.fn();
  render(
    <Select
      label="Zone"
      choices={[
        { id: 'a', text: 'Zone A' },
        { id: 'b', text: 'Zone B' },
      ]}
      selected={null}
      onSelect={choose}
    />,
  );
  await user.tab();
  await user.keyboard('{ArrowDown}');
  const options = await screen.findAllByRole('option');
  await vi.waitFor(() => expect(document.activeElement).toBe(options[0]));
  await user.keyboard('{ArrowDown}{Enter}');
  expect(choose).toHaveBeenCalledWith('b');
});

test('a button that is refused can be reached, says why and does nothing', async () => {
  const user = userEvent.setup();
  const press = vi.fn();
  render(
    <Button onPress={press} refusal="Only an admin may do this.">
      Stop
    </Button>,
  );
  const button = screen.getByRole('button', { name: 'Stop' });
  await user.tab();
  expect(document.activeElement).toBe(button);
  await user.keyboard('{Enter}');
  await user.click(button);
  expect(press).not.toHaveBeenCalled();
  expect(button.getAttribute('aria-disabled')).toBe('true');
  const described = button.getAttribute('aria-describedby')?.split(' ') ?? [];
  const said = described.map((id) => document.getElementById(id)?.textContent).join(' ');
  expect(said).toContain('Only an admin may do this.');
});
