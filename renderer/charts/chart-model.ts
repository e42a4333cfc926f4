/** One colour for one thing: an organization's own, `accent` for the whole network, the colours of state for state. */
export type ChartColor = { readonly organization: string } | 'accent' | 'neutral' | 'warn' | 'danger';

/** Told apart by their line too, never by colour alone. */
export const strokes = ['solid', 'dashed', 'dotted', 'dashdot'] as const;
export type Stroke = (typeof strokes)[number];
export const strokeAt = (index: number): Stroke => strokes[index % strokes.length] ?? 'solid';

export interface ChartSeries {
  readonly id: string;
  /** In the legend; short. */
  readonly label: string;
  /** What the label stands for, where it is an abbreviation: read out, in tables and in files. */
  readonly name?: string;
  readonly color: ChartColor;
  readonly stroke: Stroke;
  /** At the chart's times; null: not known. */
  readonly values: readonly (number | null)[];
}

/** Spans in which nothing was read, milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ChartTimes {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  /** End of each step. */
  readonly at: readonly number[];
}

/** Why nothing is drawn, in words. */
export interface Absence {
  readonly title: string;
  readonly reason: string;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** Unit of the one y axis, and what the values are said of: "ms, 95th percentile by organization". */
  readonly unit: string;
  /** `steps`: a value holds until the next; `bars` stand on each other. */
  readonly shape: 'lines' | 'area' | 'steps' | 'bars';
  /** Only whole numbers occur. */
  readonly whole?: boolean;
  readonly times: ChartTimes;
  readonly series: readonly ChartSeries[];
  /** Times in which none of what is drawn was read. */
  readonly gaps: readonly Span[];
  /** A line across, e.g. a limit. */
  readonly limit?: { readonly value: number; readonly label: string } | undefined;
  /** Fabric's names of what this is made from. */
  readonly fabric: readonly string[];
  /** Where `series` is empty. */
  readonly absence?: Absence | undefined;
  /** What holds of a part of it: "not offered by 2 of 8 nodes". */
  readonly note?: string | undefined;
}
