export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Above this many lines on both sides together, a difference takes longer than it is worth. */
const MOST_LINES = 2_000;

/** What to change in one text to have the other, by lines; all of both where they are very long. */
export function lineDifference(before: string, after: string): DiffLine[] {
  const old = before.split('\n');
  const fresh = after.split('\n');
  if (old.length + fresh.length > MOST_LINES) {
    return [...marked('removed', old), ...marked('added', fresh)];
  }
  const common = commonLengths(old, fresh);
  const lines: DiffLine[] = [];
  let left = 0;
  let right = 0;
  while (left < old.length && right < fresh.length) {
    const [was = '', now = ''] = [old[left], fresh[right]];
    if (was === now) {
      lines.push({ kind: 'same', text: was });
      left += 1;
      right += 1;
    } else if ((common[left + 1]?.[right] ?? 0) >= (common[left]?.[right + 1] ?? 0)) {
      lines.push({ kind: 'removed', text: was });
      left += 1;
    } else {
      lines.push({ kind: 'added', text: now });
      right += 1;
    }
  }
  return [...lines, ...marked('removed', old.slice(left)), ...marked('added', fresh.slice(right))];
}

const marked = (kind: DiffLine['kind'], texts: readonly string[]): DiffLine[] =>
  texts.map((text) => ({ kind, text }));

/** Lines that the ends of both have in common, from each pair of places on. */
function commonLengths(old: readonly string[], fresh: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let left = old.length - 1; left >= 0; left -= 1) {
    for (let right = fresh.length - 1; right >= 0; right -= 1) {
      const row = lengths[left];
      if (!row) continue;
      row[right] =
        old[left] === fresh[right]
          ? (lengths[left + 1]?.[right + 1] ?? 0) + 1
          : Math.max(lengths[left + 1]?.[right] ?? 0, row[right + 1] ?? 0);
    }
  }
  return lengths;
}
