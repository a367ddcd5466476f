import { DataFolder } from '../../datasets/data-folder.js';
import type { TripletDataset } from '../../datasets/index.js';
import { readTestClasses } from '../../datasets/sets/things-files.js';
import { UsageError } from '../../errors.js';
import { invalidFile } from '../../formats/file-bytes.js';
import { toFloat32 } from '../../formats/nd-array.js';
import { readNumbers } from '../../formats/numbers-file.js';

/** The similarities of all pairs of n items, as people judged them. */
export interface SimilarityMatrix {
  readonly file: string;
  readonly n: number;
  /** `[n (n - 1) / 2]`: the upper triangle, row by row; more is more similar. */
  readonly pairs: Float64Array;
}

/** Tells similarities (1) from distances (-1) by the diagonal: an item is most similar to itself. */
function sign(values: ArrayLike<number>, n: number, file: string): 1 | -1 {
  let [isLeast, isMost] = [true, true];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const [own, other] = [values[i * n + i], values[i * n + j]];
      if (!Number.isFinite(other) || Math.abs(other - values[j * n + i]) > 1e-5 * Math.max(1, Math.abs(other)))
        throw new UsageError(`invalid similarities: ${file} at ${i}, ${j}: ${other} and ${values[j * n + i]}; give a symmetric matrix of finite numbers`); // prettier-ignore
      isLeast &&= own <= other;
      isMost &&= own >= other;
    }
  if (isLeast === isMost)
    throw new UsageError(`invalid similarities: ${file} has neither its smallest nor its largest numbers on the diagonal; put the similarity (such as 1) or distance (0) of each thing to itself there`); // prettier-ignore
  return isMost ? 1 : -1;
}

/**
 * Reads the matrices in a file, `[n, n]`, or `[people, n, n]` with one for each person or part of the people. Their
 * diagonal shows whether they are similarities or distances.
 *
 * @throws UsageError where a matrix is not square and symmetric, or its diagonal does not tell what it is
 */
export function readSimilarities(file: string): SimilarityMatrix[] {
  const array = readNumbers(file, 'similarities');
  const { shape } = array;
  const [people, n, width] = shape.length === 2 ? [1, shape[0], shape[1]] : shape;
  if (shape.length < 2 || shape.length > 3 || n !== width || n < 3 || people < 1)
    throw invalidFile(
      file,
      `its array is [${shape.join(', ')}] and not [n, n] or [people, n, n] with 3 things or more`,
    );
  const data = array.data instanceof Float64Array ? array.data : toFloat32(array);
  return Array.from({ length: people }, (_, person) => {
    const values = data.subarray(person * n * n, (person + 1) * n * n);
    const way = sign(values, n, file);
    const pairs: number[] = [];
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) pairs.push(way * values[i * n + j]);
    return { file, n, pairs: Float64Array.from(pairs) };
  });
}

/** Returns the classes that the matrices are about: all of a data set, or the 48 of THINGS. */
function matrixItems({ name, classNames, facts: { root } }: TripletDataset, { n, file }: SimilarityMatrix): Int32Array {
  if (n === classNames.length) return Int32Array.from(classNames.keys());
  if (name.startsWith('Things') && root !== null) {
    const classes = readTestClasses(new DataFolder(root, 'things'), classNames);
    if (classes.length === n) return classes;
  }
  throw new UsageError(`invalid similarities: ${file} compares ${n} things, ${name} has ${classNames.length}; give one row per thing, in the order of the data set`); // prettier-ignore
}

/**
 * Reads the similarities of all files together, and the classes of a data set that they are about.
 *
 * @throws UsageError as `readSimilarities`, or where they are about different items
 */
export function readPeople(
  files: readonly string[],
  dataset: TripletDataset,
): { matrices: SimilarityMatrix[]; items: Int32Array } {
  const matrices = files.flatMap(readSimilarities);
  const other = matrices.find(({ n }) => n !== matrices[0].n);
  if (other !== undefined)
    throw new UsageError(`similarities that do not fit: ${other.file} compares ${other.n} things, ${matrices[0].file} ${matrices[0].n}; give matrices of the same things`); // prettier-ignore
  return { matrices, items: matrices.length > 0 ? matrixItems(dataset, matrices[0]) : new Int32Array() };
}
