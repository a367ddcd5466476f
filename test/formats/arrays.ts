import type { DType, NdArray } from '../../src/formats/nd-array.js';
import { dtypes, fromBytes, itemSize } from '../../src/formats/nd-array.js';

export const shapes = [[], [0], [3], [2, 3], [3, 0, 2], [2, 3, 4], [1, 2, 1, 5]] as const;

/** Elements whose bytes all differ in place and value (bool: 0 and 1). */
export function sampleArray(dtype: DType, shape: readonly number[]): NdArray {
  const count = shape.reduce((a, b) => a * b, 1);
  const bytes = Uint8Array.from({ length: count * itemSize(dtype) }, (_, i) =>
    dtype === 'bool' ? (i * 7 + 3) % 2 : (i * 37 + 11) % 120,
  );
  return { dtype, shape, data: fromBytes(dtype, bytes) };
}

/** One array of each type and shape, by name. */
export function sampleArrays(): Record<string, NdArray> {
  const named: Record<string, NdArray> = {};
  for (const dtype of dtypes)
    for (const shape of shapes) named[`${dtype}_${shape.join('x')}`] = sampleArray(dtype, shape);
  return named;
}

/** An array as plain values for a comparison: 64-bit integers as texts. */
export function plain({ dtype, shape, data }: NdArray): { dtype: string; shape: number[]; values: string[] } {
  return { dtype, shape: [...shape], values: Array.from(data as Float64Array, String) };
}
