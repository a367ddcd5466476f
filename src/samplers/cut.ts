/** Items in runs of `size`, as views of the same memory; the rest is a last shorter one. */
export function cut(items: Int32Array, size: number): Int32Array[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.subarray(i * size, (i + 1) * size));
}
