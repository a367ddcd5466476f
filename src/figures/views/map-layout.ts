import { palette } from '../palette.js';

/** The size of the map, pixels. */
export const WIDTH = 860;
export const HEIGHT = 560;

/** Colours of the six largest groups, and grey for the rest. */
export const COLORS = [...palette.slice(0, 6), '#8A8A8A'];

/** Scales points to pixels of the page: both axes to the same scale, all points visible, the second axis upwards. */
export function ontoPage(points: ArrayLike<number>, margin: number): Float32Array {
  const n = points.length / 2;
  const range = [0, 1].map((axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < n; i++)
      [low, high] = [Math.min(low, points[2 * i + axis]), Math.max(high, points[2 * i + axis])];
    return { middle: (low + high) / 2, extent: high - low };
  });
  const room = [WIDTH - 2 * margin, HEIGHT - 2 * margin];
  const unit = Math.max(...range.map(({ extent }, axis) => extent / room[axis])) || 1;
  return Float32Array.from({ length: 2 * n }, (_, at) => {
    const x = (points[at] - range[at % 2].middle) / unit;
    return at % 2 ? HEIGHT / 2 - x : WIDTH / 2 + x;
  });
}

/** Groups of items: their names and sizes, and for each item the index of its group. */
export interface ItemGroups {
  readonly names: readonly string[];
  readonly of: readonly number[];
  readonly sizes: readonly number[];
}

/** Finds the six largest groups and, for each item, which it is in; 6 for all others. */
export function groupItems(labels: readonly string[]): ItemGroups {
  const sizes = new Map<string, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const sorted = [...sizes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([label]) => label);
  const own = sorted.slice(0, sorted.length <= COLORS.length ? COLORS.length : COLORS.length - 1).sort();
  const of = labels.map((label) => (own.includes(label) ? own.indexOf(label) : COLORS.length - 1));
  const rest = sorted.length - own.length;
  const names = rest > 0 ? [...own, `${rest} others`] : own;
  return { names, of, sizes: names.map((_, g) => of.reduce((sum, group) => sum + Number(group === g), 0)) };
}
