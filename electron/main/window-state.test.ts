import { expect, test } from 'vitest';
import { MINIMUM, placeWindow } from './window-state';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const right = { x: 1440, y: 0, width: 1920, height: 1080 };
const bounds = { x: 1500, y: 100, width: 1300, height: 800 };

test('opens where it was', () => {
  expect(placeWindow({ bounds, maximized: true }, [laptop, right])).toEqual({ bounds, maximized: true });
});

test('opens in the middle of the first display where it was on one that is gone', () => {
  expect(placeWindow({ bounds, maximized: true }, [laptop])).toEqual({
    bounds: { width: 1280, height: 800 },
    maximized: true,
  });
});

test.each([
  ['above the work area: its title bar cannot be grabbed', { ...bounds, x: 100, y: 0 }],
  ['left of it but for a few pixels', { ...bounds, x: -1290 }],
  ['below', { ...bounds, x: 100, y: 890 }],
  ['far away', { x: -32_000, y: -32_000, width: 160, height: 28 }],
])('is not opened %s', (_name, kept) => {
  expect(placeWindow({ bounds: kept, maximized: false }, [laptop]).bounds).not.toHaveProperty('x');
});

test('is never larger than its display nor smaller than it can be used', () => {
  const kept = { x: 10, y: 30, width: 5000, height: 20 };
  expect(placeWindow({ bounds: kept, maximized: false }, [laptop]).bounds).toEqual({
    x: 10,
    y: 30,
    width: 1440,
    height: MINIMUM.height,
  });
});

test('the first time it has its usual size, or the size of a smaller display', () => {
  expect(placeWindow(undefined, [laptop]).bounds).toEqual({ width: 1280, height: 800 });
  expect(placeWindow(undefined, [{ x: 0, y: 0, width: 1024, height: 700 }]).bounds).toEqual({
    width: 1024,
    height: 700,
  });
  expect(placeWindow(undefined, [])).toEqual({ bounds: { width: 1280, height: 800 }, maximized: false });
});
