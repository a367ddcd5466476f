import type { RandomStream } from '../random/stream.js';

const defaults = { mean: 0.5, std: 0.2 };

/** The least norm that PyTorch's `normalize` divides by. */
const SMALLEST_NORM = 1e-12;

/**
 * Draws the initial table of a `Psycho` teacher: each number from N(.5, .2).
 *
 * @returns float32 `[items, size]`, row after row
 */
export function initialTable(stream: RandomStream, items: number, size: number): Float32Array {
  const table = new Float32Array(items * size);
  stream.fillNormal(table, defaults.mean, defaults.std);
  return table;
}

/**
 * Returns the embeddings of a trained `Psycho` table: relu of each row, L2-normalised.
 *
 * @param table `[rows, size] float32`
 * @param rows `[n] int32`, the row of each item
 * @returns `[n, size] float32`
 */
export function embedRows(table: Float32Array, rows: Int32Array, size: number): Float32Array {
  const embeddings = new Float32Array(rows.length * size);
  rows.forEach((row, item) => {
    let squares = 0;
    for (let k = 0; k < size; k++) squares += Math.max(table[row * size + k], 0) ** 2;
    const norm = Math.max(Math.sqrt(squares), SMALLEST_NORM);
    for (let k = 0; k < size; k++) embeddings[item * size + k] = Math.max(table[row * size + k], 0) / norm;
  });
  return embeddings;
}
