import { refuseUnknown, UsageError, unknown } from '../../errors.js';
import type { Item, Picture } from '../dataset.js';
import type { ItemTriplets } from '../splits/item-triplets.js';
import { checkImages, imageItems, type Images } from './images.js';
import type { OwnDataset } from './own-dataset.js';
import { tripletTable, type TripletSource } from './triplet-table.js';

/** Describes a data set of triplets that is made in a program. */
export interface TripletsInMemory {
  /** Its name (default `Memory`): configurations then name it `MemoryTInd`, `MemoryTImg` and `MemorySE`. */
  readonly name?: string;
  readonly triplets: TripletSource;
  /** The names of the items, in their order (default: those in the triplets, sorted; of numbers up to the greatest). */
  readonly items?: readonly string[];
  /** Is the first of three the anchor, and the second more similar to it? Otherwise the last is the odd one out. */
  readonly directed?: boolean;
  /** A picture of each item: files, or pixels. Without them there are no image networks. */
  readonly images?: Images;
}

/**
 * Makes a data set of triplets from values in memory, for `train(configuration, { dataset })` or `datasets.register`.
 *
 * Its versions are `direct`, `psycho` and `source_embedding`, each with the seed of a split after `~`, as of every set
 * whose items were labelled.
 *
 * @throws UsageError for a row that is not three different items, or an unknown one
 */
export function fromTriplets({ name = 'Memory', images, ...given }: TripletsInMemory): OwnDataset {
  refuseUnknown(given, ['triplets', 'items', 'directed'], 'member of fromTriplets');
  const { rows, directed: named } = tripletTable(given.triplets);
  if (rows.length === 0) throw new UsageError(`invalid triplets of ${name}: there are none; give rows of three items`);
  const directed = given.directed ?? named;
  if (directed === null)
    throw new UsageError(
      `missing directed of ${name}; true if the first of three is the anchor, false if the last is odd`,
    );
  if (named !== null && named !== directed)
    throw new UsageError(
      `invalid directed of ${name}: ${directed}; the columns name ${named ? 'an anchor' : 'an odd one'}`,
    );
  const names = given.items ?? namesIn(rows);
  const triplets = numbersOf(rows, names, name);
  if (images !== undefined) checkImages(images, names.length, name);
  const classOf = (index: number): Pick<Item, 'class' | 'index'> => ({ class: index, index });
  const used = new Set(triplets);
  const read = (): ItemTriplets => ({
    folder: { root: null, files: [], missing: [] },
    items: names.map((_, index) => ({ file: fileOf(images?.[index]), ...classOf(index) })),
    classNames: names,
    triplets,
    known: Int32Array.from(names.keys()).filter((item) => used.has(item)),
    notes: ['its triplets were given by a program'],
    ...(images === undefined ? {} : { picture: imageItems(images, name) }),
  });
  return {
    kind: 'triplets',
    name,
    directed,
    read,
    hasImages: images !== undefined,
    content: { names, triplets, images },
  };
}

const fileOf = (image: string | Picture | undefined): string | null =>
  typeof image === 'string' ? image : image !== undefined && 'file' in image ? image.file : null;

/** Lists the items that triplets name: names sorted, or every number up to the greatest. */
function namesIn(rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = [...new Set(rows.flat())];
  const numbers = cells.filter((cell) => typeof cell === 'number');
  if (numbers.length < cells.length) return [...new Set(cells.map(String))].sort();
  const greatest = numbers.reduce((most, number) => Math.max(most, number), 0);
  return Array.from({ length: greatest + 1 }, (_, i) => `item ${i}`);
}

/** Returns the numbers of the items, `[3m]`. @throws UsageError for an unknown item, or one that is twice in a row */
function numbersOf(rows: readonly (readonly (string | number)[])[], names: readonly string[], of: string): Int32Array {
  const numbers = new Map(names.map((name, number) => [name, number]));
  if (numbers.size < names.length)
    throw new UsageError(`invalid items of ${of}: a name occurs twice; give each one name`);
  const out = new Int32Array(3 * rows.length);
  rows.forEach((row, i) => {
    row.forEach((cell, k) => {
      const number = typeof cell === 'number' ? cell : numbers.get(cell);
      if (number === undefined) throw unknown(`item in row ${i} of ${of}`, String(cell), names);
      if (!(number >= 0 && number < names.length))
        throw new UsageError(
          `invalid item in row ${i} of ${of}: ${number}; it has ${names.length} items, counted from 0`,
        );
      out[3 * i + k] = number;
    });
    const [a, b, c] = out.subarray(3 * i, 3 * i + 3);
    if (a === b || a === c || b === c)
      throw new UsageError(`invalid triplet in row ${i} of ${of}: ${row.join(', ')}; give three different items`);
  });
  return out;
}
