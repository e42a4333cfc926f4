import { useCallback } from 'react';
import { useOrganizationPalette } from '../ui/organization';
import type { ChartColor, Stroke } from './chart-model';

/** CSS colours of what charts draw. */
export function useChartColors(): (color: ChartColor) => string {
  const paletteOf = useOrganizationPalette();
  return useCallback(
    (color: ChartColor) => {
      if (typeof color === 'object') return `var(--org-${paletteOf(color.organization)})`;
      return color === 'neutral' ? 'var(--text-3)' : `var(--${color})`;
    },
    [paletteOf],
  );
}

const dashes: Record<Stroke, string> = {
  solid: 'none',
  dashed: '5 3',
  dotted: '1.5 3',
  dashdot: '7 3 1.5 3',
};
export const dashOf = (stroke: Stroke): string => dashes[stroke];
