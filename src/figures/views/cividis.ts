type Color = readonly [number, number, number];

/**
 * Colours at equal steps whose order is the same in grey and for colour-blind readers (Nuñez, Anderton, Renslow 2018).
 */
const stops: readonly Color[] = [
  [0, 32, 76],
  [0, 57, 110],
  [60, 77, 110],
  [95, 98, 114],
  [124, 123, 120],
  [154, 148, 118],
  [186, 174, 107],
  [220, 203, 89],
  [255, 233, 69],
];

/** Returns the colour of a value in [0, 1], `[red, green, blue]` of 0 to 255. */
export function cividis(value: number): Color {
  const at = Math.max(0, Math.min(1, value)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  const [a, b] = [stops[low], stops[low + 1]];
  return [0, 1, 2].map((k) => Math.round(a[k] + (b[k] - a[k]) * (at - low))) as unknown as Color;
}

/** The colour scale from left to right, as a CSS background. */
export const cividisCss = `linear-gradient(to right,${stops.map((color) => `rgb(${color.join(',')})`).join(',')})`;
