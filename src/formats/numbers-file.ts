import { extname } from 'node:path';
import { UsageError } from '../errors.js';
import { fileBytes, invalidFile } from './file-bytes.js';
import { readMat } from './mat/mat.js';
import type { NdArray } from './nd-array.js';
import { readNpy } from './npy.js';
import { readNpz } from './npz.js';
import { parseTextMatrix } from './text-matrix.js';

/** Chooses one of several arrays by name: the preferred one, or else the only one. */
function only(file: string, arrays: ReadonlyMap<string, NdArray>, preferred: string | undefined): NdArray {
  const named = preferred === undefined ? undefined : arrays.get(preferred);
  if (named !== undefined) return named;
  const [first] = arrays.values();
  if (arrays.size === 1) return first;
  throw invalidFile(file, arrays.size === 0 ? 'it has no array of numbers' : `it has ${arrays.size} arrays of numbers`);
}

const text = (file: string): NdArray =>
  parseTextMatrix(Buffer.from(fileBytes(file)).toString('latin1'), (line, problem) =>
    invalidFile(`${file} line ${line}`, problem),
  );

const readers: Readonly<Record<string, (file: string, preferred?: string) => NdArray>> = {
  '.npz': (file, preferred) => only(file, readNpz(file), preferred),
  '.npy': readNpy,
  '.mat': (file, preferred) => {
    const numeric = [...readMat(file)].flatMap(([name, value]) => (value.kind === 'numeric' ? [[name, value] as const] : [])); // prettier-ignore
    return only(file, new Map(numeric), preferred);
  },
  '.txt': text,
  '.csv': text,
  '.tsv': text,
};

/** Does a file of this name hold an array of numbers? */
export const isNumbersFile = (file: string): boolean => Object.hasOwn(readers, extname(file).toLowerCase());

/**
 * Reads the array of numbers in a file, by its extension: `.npz`, `.npy`, `.mat`, or text (`.txt`, `.csv`, `.tsv`).
 *
 * @param preferred the array to take where a file has several
 * @throws UsageError where the file is missing or invalid, or has several arrays and none of that name
 */
export function readNumbers(file: string, preferred?: string): NdArray {
  if (!isNumbersFile(file))
    throw new UsageError(`cannot read ${file}: not a file of numbers; give one of ${Object.keys(readers).join(', ')}`);
  return readers[extname(file).toLowerCase()](file, preferred);
}
