import { UsageError } from '../../errors.js';
import { invalidFile } from '../../formats/file-bytes.js';
import { toFloat32 } from '../../formats/nd-array.js';
import { readNumbers } from '../../formats/numbers-file.js';

/** One embedding of items: `[rows, size] float32`. */
export interface Features {
  /** Its name in tables. */
  readonly name: string;
  readonly data: Float32Array;
  readonly size: number;
}

/**
 * Reads the embeddings in a file: its array `embeddings`, or its only one, `[rows, size]` or `[rows, teachers, size]`.
 *
 * @returns one, or one for each teacher, named `FILE teacher 1` and so on
 * @throws UsageError where the file is missing, or holds something else
 */
export function readFeatureFile(file: string): Features[] {
  const array = readNumbers(file, 'embeddings');
  const { shape } = array;
  if (!(shape.length === 2 || shape.length === 3) || shape.includes(0))
    throw invalidFile(file, `its array is [${shape.join(', ')}] and not [rows, size] or [rows, teachers, size]`);
  const data = toFloat32(array);
  const [rows, teachers, size] = shape.length === 2 ? [shape[0], 1, shape[1]] : shape;
  if (teachers === 1) return [{ name: file, data, size }];
  return Array.from({ length: teachers }, (_, teacher) => {
    const own = new Float32Array(rows * size);
    for (let row = 0; row < rows; row++) {
      const start = (row * teachers + teacher) * size;
      own.set(data.subarray(start, start + size), row * size);
    }
    return { name: `${file} teacher ${teacher + 1}`, data: own, size };
  });
}

/** Returns a row for each class of a data set, from a file with a row for each class or for each item. */
export function classRows(
  { name, data, size }: Features,
  { dataset, classes, items, itemOf }: { dataset: string; classes: number; items: number; itemOf: Int32Array },
): Float32Array {
  const rows = data.length / size;
  if (rows === classes) return data;
  if (rows !== items)
    throw new UsageError(`invalid embeddings: ${name} has ${rows} rows; ${dataset} has ${items} items${items === classes ? '' : ` of ${classes} classes`}, give a row for each`); // prettier-ignore
  const chosen = new Float32Array(classes * size);
  itemOf.forEach((item, c) => {
    chosen.set(data.subarray(item * size, (item + 1) * size), c * size);
  });
  return chosen;
}
