/** A protobuf timestamp as Go's JSON shows it: RFC 3339 with as many triples of decimals as it takes. */
export function rfc3339(seconds: number, nanos: number): string {
  const decimals =
    nanos === 0
      ? ''
      : `.${String(nanos)
          .padStart(9, '0')
          .replace(/(000){1,2}$/, '')}`;
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `${seconds}${decimals} s after 1970`;
  return date.toISOString().replace('.000Z', `${decimals}Z`);
}
