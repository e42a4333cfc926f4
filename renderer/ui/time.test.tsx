import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Age, useNow } from './time';

const NOW = Date.parse('2026-11-22T12:00:00Z');
beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (ms: number) => {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
};
let renders = 0;
function Counted({ since }: { since: number }) {
  renders += 1;
  return <Age since={since} suffix=" ago" />;
}

test('ages tick together on one timer, which goes with the last of them', () => {
  const { unmount } = render(
    <p>
      <Age since={NOW - 1_000} /> <Age since={NOW - 120_000} />
    </p>,
  );
  expect(screen.getByRole('paragraph').textContent).toBe('1 s 2 min');
  expect(vi.getTimerCount()).toBe(1);
  pass(2_000);
  expect(screen.getByRole('paragraph').textContent).toBe('3 s 2 min');
  unmount();
  expect(vi.getTimerCount()).toBe(0);
});

test('what shows an age is not drawn for it, and the present moves in the steps asked for', () => {
  renders = 0;
  function Minutes() {
    return <b>{new Date(useNow(60_000)).toISOString()}</b>;
  }
  const { container } = render(
    <>
      <Counted since={NOW} />
      <Minutes />
    </>,
  );
  pass(59_000);
  expect(renders).toBe(1);
  expect(container.textContent).toBe('59 s ago2026-11-22T12:00:00.000Z');
  pass(1_000);
  expect(container.textContent).toBe('1 min ago2026-11-22T12:01:00.000Z');
});

test('a hidden window rests, and is right again with the first tick after it', () => {
  const { container } = render(<Age since={NOW} />);
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  pass(30_000);
  expect(container.textContent).toBe('0 s');
  hidden.mockReturnValue(false);
  pass(1_000);
  expect(container.textContent).toBe('31 s');
});
