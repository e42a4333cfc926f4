import type { TestInfo } from 'playwright/test';
import type { Smoothness } from '../harness/frames';

/** Of the annotations that the bench's reporter prints. */
export const FIGURE = 'figure';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'KB' | '%' | '';
  /** The most that is asked for. */
  readonly limit?: number;
}

/** Is printed in the end; whatever the limit says, it fails nothing. */
export function report(info: TestInfo, figure: Figure): void {
  info.annotations.push({ type: FIGURE, description: JSON.stringify(figure) });
}

/** Several measurements of one thing: the middle one, and the worst. */
export function reportAll(
  info: TestInfo,
  { name, unit, limit }: Omit<Figure, 'value'>,
  values: readonly number[],
): void {
  const sorted = values.toSorted((a, b) => a - b);
  const shared = { unit, ...(limit !== undefined && { limit }) };
  report(info, {
    ...shared,
    name: `${name}, median`,
    value: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
  });
  report(info, { ...shared, name: `${name}, worst of ${sorted.length}`, value: sorted.at(-1) ?? Number.NaN });
}

export function reportSmoothness(info: TestInfo, what: string, smoothness: Smoothness): void {
  const { longestFrameMs, lateFrames, longestTaskMs, isBusy } = smoothness;
  const busy = isBusy ? ', on a busy machine' : '';
  report(info, { name: `${what}, longest frame${busy}`, value: longestFrameMs, unit: 'ms', limit: 100 });
  report(info, { name: `${what}, frames over 100 ms${busy}`, value: lateFrames, unit: '', limit: 0 });
  if (longestTaskMs !== undefined) {
    report(info, {
      name: `${what}, longest task, processor time`,
      value: longestTaskMs,
      unit: 'ms',
      limit: 100,
    });
  }
}
