import { describe, expect, it } from 'vitest';
import { Environment, parseAddress, parseDuration } from './environment';

const environment = new Environment({
  NAME: 'value',
  EMPTY: '',
  PORT: '7050',
  ON: 'TRUE',
  OFF: '0',
  TIMEOUT: '1m30s',
  FILES: '[/a/ca.crt, /b/ca.crt]',
  ADDRESS: '127.0.0.1:7053',
  WRONG: 'perhaps',
});

describe('a node reads its environment', () => {
  it('as viper would', () => {
    expect(environment.string('NAME')).toBe('value');
    expect(environment.string('EMPTY', 'fallback')).toBe('fallback');
    expect(environment.optional('EMPTY')).toBeUndefined();
    expect(environment.int('PORT')).toBe(7050);
    expect(environment.bool('ON')).toBe(true);
    expect(environment.bool('OFF')).toBe(false);
    expect(environment.bool('ABSENT', true)).toBe(true);
    expect(environment.duration('TIMEOUT')).toBe(90_000);
    expect(environment.list('FILES')).toEqual(['/a/ca.crt', '/b/ca.crt']);
    expect(environment.list('ABSENT')).toEqual([]);
    expect(environment.address('ADDRESS')).toEqual({ host: '127.0.0.1', port: 7053 });
  });

  it('and names the variable that is missing or wrong', () => {
    expect(() => environment.string('ABSENT')).toThrow('ABSENT is not set');
    expect(() => environment.int('WRONG')).toThrow('WRONG=perhaps: expected a whole number');
    expect(() => environment.bool('WRONG')).toThrow('WRONG=perhaps: expected true or false');
    expect(() => environment.duration('WRONG')).toThrow('WRONG=perhaps: expected a duration');
    expect(() => environment.address('WRONG')).toThrow('WRONG=perhaps: expected host:port');
  });

  it.each([
    ['2s', 2000],
    ['200ms', 200],
    ['1h1m1.5s', 3_661_500],
    ['0', 0],
    ['-1s', -1000],
    ['2', undefined],
    ['2 s', undefined],
    ['', undefined],
  ])('durations: %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    [':9443', { host: '', port: 9443 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['localhost', undefined],
    ['host:70000', undefined],
  ])('addresses: %s', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });
});
