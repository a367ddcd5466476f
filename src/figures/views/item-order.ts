import { RandomStream } from '../../random/stream.js';

const ITERATIONS = 20;

/** Returns the scores of rows on their first principal component, by power iteration on X^T X. */
function firstComponent(rows: readonly Float64Array[], stream: RandomStream): Float64Array {
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
 * Finds the split of ascending scores with the least variance within the two parts, each at least a tenth of the whole.
 *
 * @returns the length of the first part
 */
function cutPlace(scores: readonly number[]): number {
  const n = scores.length;
  const least = Math.max(1, Math.floor(n / 10));
  const total = scores.reduce((sum, score) => sum + score, 0);
  let [sum, best, place] = [0, -Infinity, n >> 1];
  for (let m = 1; m <= n - least; m++) {
    sum += scores[m - 1];
    // Between the parts: n1 mean1^2 + n2 mean2^2, to be maximal.
    const between = sum ** 2 / m + (total - sum) ** 2 / (n - m);
    if (m >= least && between > best) [best, place] = [between, m];
  }
  return place;
}

/**
 * Orders items so that similar ones are neighbours: it splits them in two along the first principal component, then
 * each part again, and so on. The ends of a part point towards the parts beside it.
 *
 * @param data `[n, size]`
 * @param items rows to order
 */
export function orderBySplitting(data: Float32Array, size: number, items: readonly number[]): number[] {
  const stream = new RandomStream(0, 'item order');
  const centre = (part: readonly number[]): Float64Array => {
    const sum = new Float64Array(size);
    for (const item of part) for (let k = 0; k < size; k++) sum[k] += data[item * size + k] / part.length;
    return sum;
  };
  const split = (group: readonly number[], left?: Float64Array, right?: Float64Array): number[] => {
    if (group.length < 2) return [...group];
    const rows = group.map((item) => Float64Array.from(data.subarray(item * size, (item + 1) * size)));
    const scores = firstComponent(rows, stream);
    const towards = (to: Float64Array | undefined): number =>
      to === undefined
        ? 0
        : scores.reduce((sum, score, i) => sum + score * rows[i].reduce((s, x, k) => s + x * to[k], 0), 0);
    // The sign of a component is arbitrary.
    const sign = towards(right) - towards(left) < 0 ? -1 : 1;
    const order = [...group.keys()].sort((a, b) => sign * (scores[a] - scores[b]) || a - b);
    const cut = cutPlace(order.map((at) => sign * scores[at]));
    const [first, second] = [order.slice(0, cut), order.slice(cut)].map((part) => part.map((at) => group[at]));
    return [...split(first, left, centre(second)), ...split(second, centre(first), right)];
  };
  return split(items);
}
