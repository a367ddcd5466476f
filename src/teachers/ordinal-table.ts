import type { RandomStream } from '../random/stream.js';

const STD = 0.1;

/** The least scale to divide by: a table whose rows are all equal has scale 0. */
const SMALLEST_SCALE = 1e-12;

/**
 * Draws the initial table of an `Ordinal` teacher: each number from N(0, .1).
 *
 * @returns float32 `[items, size]`, row after row
 */
export function initialOrdinalTable(stream: RandomStream, items: number, size: number): Float32Array {
  const table = new Float32Array(items * size);
  stream.fillNormal(table, 0, STD);
  return table;
}

/**
 * Returns the embeddings of a trained `Ordinal` table: its rows less their mean, divided by the root of their mean
 * squared norm.
 *
 * The table has no fixed scale: its distances grow to about 10. Shifting and scaling it changes no answer to a triplet
 * beyond rounding. It gives pairs a mean squared distance of 2, close to that of the unit rows of `Psycho`, so that the
 * margins, temperatures and distance thresholds of students' losses keep their meaning.
 *
 * @param table `[rows, size] float32`
 * @param rows `[n] int32`, the row of each item
 * @returns `[n, size] float32`, of mean 0 and mean squared norm 1
 */
export function embedOrdinalRows(table: Float32Array, rows: Int32Array, size: number): Float32Array {
  const n = rows.length;
  const mean = new Float64Array(size);
  for (const row of rows) for (let k = 0; k < size; k++) mean[k] += table[row * size + k] / n;
  let squares = 0;
  for (const row of rows) for (let k = 0; k < size; k++) squares += (table[row * size + k] - mean[k]) ** 2 / n;
  const scale = Math.max(Math.sqrt(squares), SMALLEST_SCALE);
  const embeddings = new Float32Array(n * size);
  rows.forEach((row, item) => {
    for (let k = 0; k < size; k++) embeddings[item * size + k] = (table[row * size + k] - mean[k]) / scale;
  });
  return embeddings;
}
