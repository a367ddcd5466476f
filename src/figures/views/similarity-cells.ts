/** Similarities of n groups of items with each other; a group may be a single item. */
export interface SimilarityCells {
  readonly n: number;
  /** `[n, n]`: mean similarity over the pairs of two different items, NaN where there is no such pair. */
  readonly values: Float64Array;
  readonly groups: readonly (readonly number[])[];
  /** For each group, the item that stands for it. */
  readonly representatives: readonly number[];
}

/** Divides an ordered list into at most `most` groups of consecutive items, of nearly equal size. */
export function cutIntoGroups(order: readonly number[], most: number): number[][] {
  const n = Math.min(most, order.length);
  const start = (g: number): number => Math.round((g * order.length) / n);
  return Array.from({ length: n }, (_, g) => order.slice(start(g), start(g + 1)));
}

/**
 * Computes mean cosine similarities between groups of items: (S_a . S_b) / (n_a n_b) with S the sum of a group's unit
 * vectors, and within a group (|S|^2 - n) / (n (n - 1)); for a group of one it is 1.
 *
 * The item whose vector is nearest to its group's sum stands for the group.
 *
 * @param data `[items, size] float32`
 */
export function cosineCells(data: Float32Array, size: number, groups: readonly (readonly number[])[]): SimilarityCells {
  const n = groups.length;
  const unit = (item: number): Float64Array => {
    const row = Float64Array.from(data.subarray(item * size, (item + 1) * size));
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)) || 1;
    return row.map((x) => x / norm);
  };
  const dot = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += a[k] * b[k];
    return sum;
  };
  const sums = groups.map((group) => {
    const sum = new Float64Array(size);
    for (const item of group) unit(item).forEach((x, k) => (sum[k] += x));
    return sum;
  });
  const representatives = groups.map((group, g) => {
    const scores = group.map((item) => dot(unit(item), sums[g]));
    return group[scores.indexOf(Math.max(...scores))];
  });
  const values = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    const m = groups[a].length;
    values[a * n + a] = m === 1 ? 1 : (dot(sums[a], sums[a]) - m) / (m * (m - 1));
    for (let b = 0; b < a; b++) values[a * n + b] = values[b * n + a] = dot(sums[a], sums[b]) / (m * groups[b].length);
  }
  return { n, values, groups, representatives };
}

/**
 * Computes means of a given `[items, items]` matrix over groups of its rows and columns, without pairs of equal items.
 */
export function matrixCells(
  matrix: ArrayLike<number>,
  items: number,
  groups: readonly (readonly number[])[],
): SimilarityCells {
  const n = groups.length;
  const values = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b < n; b++) {
      let [sum, count] = [0, 0];
      for (const i of groups[a])
        for (const j of groups[b])
          if (i !== j || groups[a].length === 1) {
            sum += matrix[i * items + j];
            count++;
          }
      values[a * n + b] = sum / count;
    }
  return { n, values, groups, representatives: groups.map((group) => group[0]) };
}

/** The values of cells as the page has them. */
export interface EncodedCells {
  /** The least and the largest value of pairs, which the colours span. */
  readonly low: number;
  readonly high: number;
  /** The least and the largest of all values, which the levels span. */
  readonly least: number;
  readonly most: number;
  readonly clamped: Float64Array;
  /** `[n, n] uint16`, base64: see `ShownMatrix.values`. */
  readonly levels: string;
  /** The cell of the most similar pair. */
  readonly best: number;
}

export function encodeCells({ n, values }: SimilarityCells): EncodedCells {
  // The diagonal of single items is 1 by definition: the colour scale is for the rest.
  const off = values.filter((value, at) => Number.isFinite(value) && at % (n + 1) !== 0);
  const low = off.reduce((a, b) => Math.min(a, b), Infinity);
  const high = off.reduce((a, b) => Math.max(a, b), -Infinity);
  const clamped = values.map((value) => Math.max(low, Math.min(high, value)));
  const most = values.reduce((a, b) => (Number.isNaN(b) ? a : Math.max(a, b)), high);
  const least = values.reduce((a, b) => (Number.isNaN(b) ? a : Math.min(a, b)), low);
  const levels = Uint16Array.from(values, (value) =>
    Number.isNaN(value) ? 65535 : Math.round((65534 * (value - least)) / (most - least || 1)),
  );
  const best = clamped.reduce((at, value, k) => (k % (n + 1) !== 0 && value > clamped[at] ? k : at), 1);
  return { low, high, least, most, clamped, levels: Buffer.from(levels.buffer).toString('base64'), best };
}
