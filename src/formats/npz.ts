import { memorySource, withFileSource, type ByteSource } from './byte-source.js';
import { invalidFile, printable } from './file-bytes.js';
import type { NdArray } from './nd-array.js';
import { decodeNpy, npyParts } from './npy.js';
import { storedZip } from './zip/zip-writer.js';
import { readZip } from './zip/zip.js';

/**
 * Reads the arrays of a numpy `.npz` file (`np.savez`, `np.savez_compressed`) by name, without the `.npy`.
 *
 * The file may be of any size; its values are in memory once.
 *
 * @param wanted names of arrays; others are not decoded, whatever they hold. By default all are.
 * @throws UsageError where the file is missing, damaged, or an array holds anything but numbers
 */
export function readNpz(file: string, wanted?: readonly string[]): Map<string, NdArray> {
  return withFileSource(file, (source) => decode(source, file, wanted));
}

/** Decodes the arrays in the bytes of a `.npz` file; `name` is the file's name in errors. */
export function decodeNpz(bytes: Uint8Array, name: string, wanted?: readonly string[]): Map<string, NdArray> {
  return decode(memorySource(bytes), name, wanted);
}

function decode(source: ByteSource, file: string, wanted?: readonly string[]): Map<string, NdArray> {
  const arrays = new Map<string, NdArray>();
  for (const entry of readZip(source, file)) {
    const name = entry.name.replace(/\.npy$/, '');
    if (wanted?.includes(name) === false) continue;
    if (arrays.has(name)) throw invalidFile(file, `it has ${printable(name)} twice`);
    arrays.set(name, decodeNpy(entry.open(), `${file}/${printable(entry.name)}`));
  }
  return arrays;
}

/**
 * Returns the parts of a `.npz` file of the arrays, to be written one after the other, uncompressed, as `np.savez`
 * stores them. The arrays' own memory is among them, not copied.
 *
 * @throws UsageError where an array's data and shape disagree
 */
export function npzParts(arrays: Readonly<Record<string, NdArray>>): Uint8Array[] {
  return storedZip(Object.entries(arrays).map(([name, array]) => ({ name: `${name}.npy`, parts: npyParts(array) })));
}

/** Encodes arrays as one array of bytes. */
export function encodeNpz(arrays: Readonly<Record<string, NdArray>>): Uint8Array {
  return Buffer.concat(npzParts(arrays));
}
