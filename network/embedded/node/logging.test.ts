import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  activateLogSpec,
  activeLogSpec,
  createLogger,
  LogSpec,
  observeLogging,
  redirectLogging,
} from './logging';

let lines: string[];
let restore: () => void;

beforeEach(() => {
  lines = [];
  restore = redirectLogging((line) => lines.push(line));
});
afterEach(() => {
  restore();
  observeLogging(undefined);
  activateLogSpec('info');
});

describe('a logging specification', () => {
  it.each([
    ['', 'info'],
    ['debug', 'debug'],
    ['WARNING', 'warn'],
    ['notice', 'info'],
    ['info:a=debug', 'a=debug:info'],
    ['b,a.c=error:warn', 'a.c=error:b=error:warn'],
    ['a=debug:a.b.=fatal', 'a.b.=fatal:a=debug:info'],
  ])('%j is read as %j', (text, normalized) => {
    expect(LogSpec.parse(text).toString()).toBe(normalized);
  });

  it.each([
    ['loud', "invalid logging specification 'loud': bad segment 'loud'"],
    ['Info', "invalid logging specification 'Info': bad segment 'Info'"],
    ['a=b=c', "invalid logging specification 'a=b=c': bad segment 'a=b=c'"],
    ['=debug', "invalid logging specification '=debug': no logger specified in segment '=debug'"],
    ['.a=debug', "invalid logging specification '.a=debug': bad logger name '.a'"],
    ['a=', "invalid logging specification 'a=': bad segment 'a='"],
  ])('%j is refused', (text, message) => {
    expect(() => LogSpec.parse(text)).toThrow(message);
  });

  it('holds for a logger and those below it, a trailing dot for the logger alone', () => {
    const spec = LogSpec.parse('a=debug:a.b.=error:warn');
    expect(spec.level('a')).toBe('debug');
    expect(spec.level('a.b')).toBe('error');
    expect(spec.level('a.b.c')).toBe('debug');
    expect(spec.level('ab')).toBe('warn');
    expect(spec.lowest).toBe('debug');
  });
});

describe('a logger', () => {
  it('writes lines of the genuine shape', () => {
    function refuse(): void {
      createLogger('orderer.common.broadcast').warn('rejecting', {
        channel: 'first',
        error: new Error('two words'),
      });
    }
    refuse();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC [0-9a-f]{4,} WARN \[orderer\.common\.broadcast\] refuse -> rejecting channel=first error="two words"\n$/,
    );
  });

  it('never lets a message begin a second line', () => {
    createLogger('a').info('one\n2026-01-01 forged');
    expect(lines[0]?.split('\n')).toHaveLength(2);
  });

  it('follows the specification as it changes, and counts as genuine nodes do', () => {
    const counts: string[] = [];
    observeLogging({
      checked: (level) => counts.push(`checked ${level}`),
      written: (level) => counts.push(`written ${level}`),
    });
    const [loud, quiet] = [createLogger('loud'), createLogger('quiet')];
    loud.debug('below every level');
    activateLogSpec('loud=debug:warn');
    loud.debug('written');
    quiet.info('looked at only');
    expect(counts).toEqual(['checked debug', 'written debug', 'checked info']);
    expect(loud.enabled('debug')).toBe(true);
    expect(quiet.enabled('info')).toBe(false);
    expect(() => activateLogSpec('nonsense')).toThrow();
    expect(activeLogSpec()).toBe('loud=debug:warn');
  });
});
