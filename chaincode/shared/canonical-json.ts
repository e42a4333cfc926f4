/** A copy whose keys are in code unit order at every level; `undefined` properties are left out. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

/** JSON with sorted keys: endorsers must agree on every byte, whatever order the code built an object in. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value));
