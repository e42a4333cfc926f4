const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const BYTES: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 * 1024 };

/**
 * Milliseconds of a duration such as `2s`, `200ms` or `1m`.
 * @throws RangeError for anything else
 */
export function durationMs(text: string): number {
  const match = /^(\d+)(ms|s|m|h)$/.exec(text);
  const factor = MILLISECONDS[match?.[2] ?? ''];
  if (match?.[1] === undefined || factor === undefined)
    throw new RangeError(`not a duration such as 2s: ${text}`);
  return Number(match[1]) * factor;
}

/**
 * Bytes of a size such as `512 KB` or `99 MB`. Units are binary, as configtxgen reads them: 512 KB = 524288
 * (`byteSizeDecodeHook` in common/viperutil/config_util.go).
 * @throws RangeError for anything else
 */
export function byteCount(text: string): number {
  const match = /^(\d+) ?(B|KB|MB)$/.exec(text);
  const factor = BYTES[match?.[2] ?? ''];
  if (match?.[1] === undefined || factor === undefined)
    throw new RangeError(`not a size such as 512 KB: ${text}`);
  return Number(match[1]) * factor;
}

/** Writes milliseconds as Go's `time.Duration.String` does (`2s`, `1m30s`, `200ms`): so it stands in a genesis block. */
export function goDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  if (milliseconds < 1_000) return `${milliseconds}ms`;
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor(milliseconds / 60_000) % 60;
  const seconds = (milliseconds % 60_000) / 1_000;
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
