import { act, cleanup, render, screen } from '@testing-library/react';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runInThisContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { setTheme, useTheme, watchTheme } from './theme';

const beforePaint = readFileSync(path.join(import.meta.dirname, '../public/theme.js'), 'utf8');

/** Runs the script of the page's head. */
const paintFirst = () => void runInThisContext(beforePaint);

function systemIs(dark: boolean) {
  const listeners = new Set<() => void>();
  const query = {
    matches: dark,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  };
  vi.stubGlobal('matchMedia', () => query);
  return (nowDark: boolean) => {
    query.matches = nowDark;
    for (const listener of listeners) listener();
  };
}

const painted = () => document.documentElement.dataset['theme'];

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the theme', () => {
  test.each([
    ['light', true, 'light'],
    ['dark', false, 'dark'],
    ['system', true, 'dark'],
    ['system', false, 'light'],
    ['nonsense', false, 'light'],
  ])(
    '%s, on a system that is dark: %s, is painted %s before and after the program starts',
    (stored, dark, expected) => {
      systemIs(dark);
      localStorage.setItem('cityflow.theme', stored);
      delete document.documentElement.dataset['theme'];
      paintFirst();
      expect(painted()).toBe(expected);
      const stop = watchTheme();
      expect(painted()).toBe(expected);
      stop();
    },
  );

  test('follows the system as long as nothing else is chosen', () => {
    const change = systemIs(false);
    const stop = watchTheme();
    expect(painted()).toBe('light');
    change(true);
    expect(painted()).toBe('dark');
    setTheme('light');
    change(true);
    expect(painted()).toBe('light');
    stop();
  });

  test('tells components of the choice', () => {
    systemIs(false);
    setTheme('system');
    function Shown() {
      return <p>{useTheme()}</p>;
    }
    render(<Shown />);
    expect(screen.getByText('system')).toBeDefined();
    act(() => setTheme('dark'));
    expect(screen.getByText('dark')).toBeDefined();
  });
});
