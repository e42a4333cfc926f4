/** Bytes by what takes them, at one moment. */
export interface MemorySample {
  /** Since the run began. */
  readonly minutes: number;
  readonly bytes: Readonly<Record<string, number>>;
}

/** What a figure may grow by, of what it was plus a fixed part for the noise of the system's accounting. */
export interface GrowthBound {
  readonly share: number;
  readonly bytes: number;
}

export interface Growth {
  readonly what: string;
  /** Medians of the second and of the last quarter of the run: in the first the console still fills its ranges. */
  readonly before: number;
  readonly after: number;
  readonly allowed: number;
}

/** @throws RangeError with fewer than eight samples: their quarters would say nothing */
export function growthOf(
  samples: readonly MemorySample[],
  boundOf: (what: string) => GrowthBound,
): readonly Growth[] {
  if (samples.length < 8) throw new RangeError(`${samples.length} samples are too few`);
  const quarter = Math.floor(samples.length / 4);
  return Object.keys(samples[0]?.bytes ?? {}).map((what) => {
    const values = samples.map(({ bytes }) => bytes[what] ?? 0);
    const before = median(values.slice(quarter, 2 * quarter));
    const bound = boundOf(what);
    return {
      what,
      before,
      after: median(values.slice(-quarter)),
      allowed: before * (1 + bound.share) + bound.bytes,
    };
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
