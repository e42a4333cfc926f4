/** Characters of a class such as `[A-Za-z0-9._-]`, in words; undefined where it isn't made of these. */
function classWords(text: string): string | undefined {
  const kinds: string[] = [];
  let rest = text;
  const take = (part: string, words: string) => {
    if (!rest.includes(part)) return;
    rest = rest.replace(part, '');
    kinds.push(words);
  };
  take('A-Za-z', 'letters');
  take('a-zA-Z', 'letters');
  take('A-Z', 'capital letters');
  take('a-z', 'small letters');
  take('0-9', 'digits');
  const signs = [...rest.replaceAll('\\', '')];
  if (signs.some((sign) => /[\w\s^]/.test(sign) && sign !== '_')) return undefined;
  const all = signs.length > 0 ? [...kinds, signs.join(' ')] : kinds;
  if (all.length === 0) return undefined;
  return all.length === 1 ? all[0] : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

const known: readonly (readonly [start: string, words: string])[] = [
  ['^\\d{4}-\\d\\d-\\d\\dT', 'a moment in UTC such as 2026-11-22T08:45:00Z'],
  ['^\\d{4}-\\d{2}-\\d{2}T', 'a moment in UTC such as 2026-11-22T08:45:00Z'],
];

/** A regular expression as a contract's metadata holds it, in words where it is one of the usual; else undefined. */
export function patternWords(pattern: string): string | undefined {
  const moment = known.find(([start]) => pattern.startsWith(start));
  if (moment) return moment[1];
  const optional = /^\^\((.*)\)\?\$$/.exec(pattern);
  const core = optional?.[1] ?? pattern.replace(/^\^/, '').replace(/\$$/, '');
  const emptyToo = optional ? ', or nothing' : '';
  const words = coreWords(core);
  return words && words + emptyToo;
}

function coreWords(core: string): string | undefined {
  const alternatives = /^\(([A-Za-z0-9|]+)\):(.*)$/.exec(core);
  if (alternatives) {
    const rest = coreWords(alternatives[2] ?? '');
    const starts = (alternatives[1] ?? '').split('|').map((start) => `${start}:`);
    return rest && `${starts.join(' or ')} and then ${rest}`;
  }
  const [, first, more] = /^\[([^\]]+)\](?:\[([^\]]+)\])?[*+]?$/.exec(core) ?? [];
  if (first === undefined) return undefined;
  if (more === undefined) return classWords(first);
  const start = classWords(first)?.replace('letters and digits', 'a letter or digit');
  const all = classWords(more);
  return start && all && `${all}, beginning with ${start}`;
}
