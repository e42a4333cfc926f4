/** Room around the plot, pixels: drawing and overlay agree on it. */
export const plotRoom = { top: 8, right: 20, bottom: 22, left: 44 } as const;
/** Where its box has not been measured. */
export const defaultSize = { width: 330, height: 150 } as const;
