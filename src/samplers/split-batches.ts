/** Cuts items into batches of `size`, as views of the same memory; the last one may be shorter. */
export function splitBatches(items: Int32Array, size: number): Int32Array[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.subarray(i * size, (i + 1) * size));
}
