import { InvalidArgumentError } from 'commander';

/** An option given as `name=value`, as often as needed: gathered. */
export const nameValue = (text: string, before: Readonly<Record<string, string>>): Record<string, string> => {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must be NAME=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
};
