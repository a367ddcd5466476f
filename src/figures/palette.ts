/**
 * Colours that can be told apart with all common kinds of colour blindness, dark enough on white (Okabe & Ito 2008).
 */
export const palette = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00', '#000000'] as const;

/** What replaces colours that are seen on a white page only, where the page is dark. */
export const onDark = {
  '#000000': '#FFFFFF',
  '#111111': '#EEEEEE',
  '#444444': '#BBBBBB',
  '#DDDDDD': '#454545',
  '#0072B2': '#3D9BD9',
  'rgba(0, 114, 178, 0.2)': 'rgba(61, 155, 217, 0.25)',
  'rgba(68, 68, 68, 0.15)': 'rgba(187, 187, 187, 0.2)',
} as const;

/** Shapes that tell series apart where colours do not. */
export const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x', 'star'] as const;

/** Line styles that tell series apart where colours do not. */
export const dashes = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'] as const;

/** Returns the colour of the n-th series; after the last colour the first follows. */
export const seriesColor = (n: number): string => palette[n % palette.length];

/** Writes `#rrggbb` with an opacity in [0, 1] as a CSS colour. */
export function translucent(color: string, opacity: number): string {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}
