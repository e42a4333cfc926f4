import type { Rectangle } from 'electron';
import { z } from 'zod';

const rectangleSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1).max(100_000),
  height: z.int().min(1).max(100_000),
});

/** Where the window was when it was last open; `bounds` are those it has when it is not maximized. */
export const windowStateSchema = z.strictObject({ bounds: rectangleSchema, maximized: z.boolean() });
export type WindowState = z.infer<typeof windowStateSchema>;

/** The narrowest window in which every view still works. */
export const MINIMUM = { width: 960, height: 600 } as const;
const DEFAULT = { width: 1280, height: 800 } as const;
/** So much of the title bar must lie on a display for the window to be moved by hand. */
const GRIP = { width: 120, height: 32 } as const;

export interface Placement {
  readonly bounds: Partial<Rectangle> & { readonly width: number; readonly height: number };
  readonly maximized: boolean;
}

/**
 * Where to open the window: where it was, if that can still be reached on one of the displays there are now (their
 * work areas), else in the middle of the first. Never larger than the display it opens on.
 */
export function placeWindow(kept: WindowState | undefined, workAreas: readonly Rectangle[]): Placement {
  const reachable = kept && workAreas.find((area) => isReachable(kept.bounds, area));
  if (kept && reachable) {
    const width = between(kept.bounds.width, MINIMUM.width, reachable.width);
    const height = between(kept.bounds.height, MINIMUM.height, reachable.height);
    return { bounds: { x: kept.bounds.x, y: kept.bounds.y, width, height }, maximized: kept.maximized };
  }
  const first = workAreas[0];
  return {
    bounds: {
      width: Math.min(DEFAULT.width, first?.width ?? DEFAULT.width),
      height: Math.min(DEFAULT.height, first?.height ?? DEFAULT.height),
    },
    maximized: kept?.maximized ?? false,
  };
}

function isReachable(bounds: Rectangle, area: Rectangle): boolean {
  const visible = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const top = bounds.y;
  return visible >= GRIP.width && top >= area.y && top + GRIP.height <= area.y + area.height;
}

/** The smaller limit wins where a display is smaller than the minimum. */
const between = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
