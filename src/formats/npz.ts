import { zipSync } from 'fflate';
import { fileBytes, printable } from './file-bytes.js';
import type { NdArray } from './nd-array.js';
import { decodeNpy, encodeNpy } from './npy.js';
import { readZip } from './zip.js';

/** Of every member, so that the same arrays give the same bytes (zip knows no earlier year). */
const written = '1980-01-01T00:00:00';

/**
 * Reads the arrays of a numpy `.npz` file (`np.savez`, `np.savez_compressed`) by name, without the `.npy`.
 *
 * @throws UsageError where the file is missing, damaged, or holds other things than arrays of numbers
 */
export function readNpz(file: string): Map<string, NdArray> {
  return decodeNpz(fileBytes(file), file);
}

/** The arrays in the bytes of a `.npz` file; `name` is what errors call it. */
export function decodeNpz(bytes: Uint8Array, name: string): Map<string, NdArray> {
  const arrays = new Map<string, NdArray>();
  for (const entry of readZip(bytes, name))
    arrays.set(entry.name.replace(/\.npy$/, ''), decodeNpy(entry.read(), `${name}/${printable(entry.name)}`));
  return arrays;
}

/**
 * The bytes of a `.npz` file of the arrays, uncompressed, as `np.savez` stores them.
 *
 * @throws UsageError where an array's data and shape disagree
 */
export function encodeNpz(arrays: Record<string, NdArray>): Uint8Array {
  const members = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)]);
  return zipSync(Object.fromEntries(members) as Record<string, Uint8Array>, { level: 0, mtime: written });
}
