import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetConfiguration } from '../configuration/types.js';
import { MissingInput, UsageError } from '../errors.js';
import { invalidFile } from '../formats/file-bytes.js';
import { toFloat32 } from '../formats/nd-array.js';
import { readNpz } from '../formats/npz.js';
import { embeddingsDigest } from './digests.js';
import { brokenRows, namedRows } from '../metrics/finite-rows.js';
import { isTripletDataset, type ClassDataset, type TripletDataset } from './dataset.js';

const ARRAY = 'embeddings';

/** The embeddings of n items by `count` teachers, each of `size` dimensions: `[n, count, size] float32`. */
export interface TeacherEmbeddings {
  readonly data: Float32Array;
  readonly count: number;
  readonly size: number;
}

/** The teachers' embeddings, from which students learn. */
export interface SourceEmbeddings {
  /** Their file, or null where they are one-hot vectors of classes. */
  readonly file: string | null;
  /** The digest of the file's values; undefined where there is no file. */
  readonly digest?: string;
  /** Returns the teachers' embeddings of items; sets of classes may have other ones in training. */
  rows(items: ArrayLike<number>, training?: boolean): TeacherEmbeddings;
}

/**
 * Loads the embeddings that supervise a data set.
 *
 * Sets of triplets: row i of `embeddings_<source_embeddings_id>.npz` in `data_directory_name` is item i. Sets of
 * classes: a one-hot vector of the class; where an id is given, training takes the file's row class - 1 instead.
 *
 * @throws UsageError where the file is missing, has no such array or another number of rows, or a value is no number
 */
export function loadSourceEmbeddings(
  configuration: DatasetConfiguration,
  dataset: TripletDataset | ClassDataset,
): SourceEmbeddings {
  return isTripletDataset(dataset) ? ofItems(configuration, dataset) : ofClasses(configuration, dataset);
}

function ofItems(configuration: DatasetConfiguration, { name, items }: TripletDataset): SourceEmbeddings {
  const file = fileOf(configuration);
  const array = readEmbeddings(file);
  if (array.rows !== items.length)
    throw new UsageError(
      `invalid ${file}: ${array.rows} rows, and ${name} has ${items.length} items; save the embeddings of this very data (tripletlab save-embeddings)`,
    );
  return { file, digest: digestOfArray(array), rows: lookUp(array, (item) => item) };
}

function ofClasses(configuration: DatasetConfiguration, dataset: ClassDataset): SourceEmbeddings {
  const classes = Int32Array.from(dataset.items, (item) => item.class - 1);
  const oneHot = oneHotOf(classes, dataset.numClasses);
  const id = configuration.source_embeddings_id;
  if (id === undefined || id === null) return { file: null, rows: oneHot };
  const file = fileOf(configuration);
  const array = readEmbeddings(file);
  const needed = dataset.instances.training.reduce((most, item) => Math.max(most, classes[item] + 1), 0);
  if (array.rows < needed)
    throw new UsageError(
      `invalid ${file}: ${array.rows} rows, and ${dataset.name} trains on classes up to ${needed}; give a file with ${needed} rows or more`,
    );
  const given = lookUp(array, (item) => classes[item]);
  return { file, digest: digestOfArray(array), rows: (items, training = false) => (training ? given : oneHot)(items) };
}

/** The content of an `.npz` of embeddings: `[rows, teachers, size] float32`. */
export interface EmbeddingArray {
  readonly data: Float32Array;
  readonly rows: number;
  readonly teachers: number;
  readonly size: number;
}

function fileOf({ name, data_directory_name: folder, source_embeddings_id: id }: DatasetConfiguration): string {
  if (folder === null || id === undefined || id === null)
    throw new UsageError(
      `missing dataset.${folder === null ? 'data_directory_name' : 'source_embeddings_id'}; ${name} learns from data_directory_name/embeddings_<source_embeddings_id>.npz`,
    );
  const file = join(folder, `embeddings_${id}.npz`);
  if (!existsSync(file))
    throw new MissingInput(
      `missing file: ${file}; make it with tripletlab save-embeddings, or check dataset.source_embeddings_id`,
    );
  return file;
}

/**
 * Reads the array `embeddings` of an `.npz`.
 *
 * @throws UsageError where there is none, or one of another shape, or a value is no number
 */
export function readEmbeddings(file: string): EmbeddingArray {
  const array = readNpz(file, [ARRAY]).get(ARRAY);
  if (array === undefined) throw invalidFile(file, `it has no array ${ARRAY}`);
  const [rows, teachers, size] = array.shape;
  if (array.shape.length !== 3 || teachers === 0 || size === 0)
    throw invalidFile(file, `${ARRAY} is [${array.shape.join(', ')}] and not [items, teachers, size]`);
  const data = toFloat32(array);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const [first, ...others] = brokenRows(data, teachers * size);
    const more = others.length > 0 ? `; likewise ${namedRows(others)}` : '';
    throw invalidFile(file, `row ${first} of ${ARRAY} has a ${data[bad]}${more}`);
  }
  return { data, rows, teachers, size };
}

const digestOfArray = ({ data, rows, teachers, size }: EmbeddingArray): string =>
  embeddingsDigest([rows, teachers, size], data);

type Rows = (items: ArrayLike<number>) => TeacherEmbeddings;

function lookUp({ data, teachers, size }: EmbeddingArray, rowOf: (item: number) => number): Rows {
  const width = teachers * size;
  return (items) => {
    const rows = new Float32Array(items.length * width);
    for (let i = 0; i < items.length; i++) {
      const start = rowOf(items[i]) * width;
      rows.set(data.subarray(start, start + width), i * width);
    }
    return { data: rows, count: teachers, size };
  };
}

/** Makes one-hot vectors when they are asked for: those of all pictures and classes of SOP would take 5 GB. */
function oneHotOf(classes: Int32Array, size: number): Rows {
  return (items) => {
    const rows = new Float32Array(items.length * size);
    for (let i = 0; i < items.length; i++) rows[i * size + classes[items[i]]] = 1;
    return { data: rows, count: 1, size };
  };
}
