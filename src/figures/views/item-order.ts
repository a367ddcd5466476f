import { Stream } from '../../random/stream.js';

/** Groups of no more items than this are not split again. */
const LEAF = 2;
const ITERATIONS = 20;

/** The scores of rows on their first principal component, by power iteration on X^T X. */
function firstComponent(rows: readonly Float64Array[], stream: Stream): Float64Array {
  const d = rows[0].length;
  const mean = new Float64Array(d);
  for (const row of rows) for (let k = 0; k < d; k++) mean[k] += row[k] / rows.length;
  let v = Float64Array.from({ length: d }, () => stream.normal());
  let scores = new Float64Array(rows.length);
  for (let step = 0; step < ITERATIONS; step++) {
    const offset = mean.reduce((sum, m, k) => sum + m * v[k], 0);
    scores = Float64Array.from(rows, (row) => row.reduce((sum, x, k) => sum + x * v[k], 0) - offset);
    const next = new Float64Array(d);
    rows.forEach((row, i) => {
      for (let k = 0; k < d; k++) next[k] += scores[i] * (row[k] - mean[k]);
    });
    const norm = Math.hypot(...next);
    if (norm === 0) return scores;
    v = next.map((x) => x / norm);
  }
  return scores;
}

/**
 * Items in an order that puts like beside like: split in halves along the first principal component, each half again,
 * and so on.
 *
 * @param data `[n, size]`
 * @param items rows to order
 */
export function orderBySplitting(data: Float32Array, size: number, items: readonly number[]): number[] {
  const stream = new Stream(0, 'item order');
  const split = (group: readonly number[], before: Float64Array | undefined): number[] => {
    if (group.length <= LEAF) return [...group];
    const rows = group.map((item) => Float64Array.from(data.subarray(item * size, (item + 1) * size)));
    const scores = firstComponent(rows, stream);
    // A component has no sign: the half that is nearer to what came before comes first.
    if (before) {
      const along = scores.reduce(
        (sum, score, i) => sum + score * rows[i].reduce((s, x, k) => s + x * before[k], 0),
        0,
      );
      if (along > 0) scores.forEach((score, i) => (scores[i] = -score));
    }
    const order = [...group.keys()].sort((a, b) => scores[a] - scores[b]).map((at) => group[at]);
    const half = order.length >> 1;
    const centre = (part: readonly number[]): Float64Array => {
      const sum = new Float64Array(size);
      for (const item of part) for (let k = 0; k < size; k++) sum[k] += data[item * size + k] / part.length;
      return sum;
    };
    const [low, high] = [order.slice(0, half), order.slice(half)];
    return [...split(low, centre(high)), ...split(high, undefined)];
  };
  return split(items, undefined);
}
