import { UsageError } from '../errors.js';
import type { PythonRandom } from '../random/python-random.js';
import type { AnswerPersons } from './custom/triplet-rows.js';

/** The three parts of a data set, in the order in which random draws are made for them. */
export const subsets = ['training', 'validation', 'test'] as const;

export type Subset = (typeof subsets)[number];

/** One value for each subset. */
export type BySubset<T> = Readonly<Record<Subset, T>>;

/** Makes one value for each subset, in order. */
export function bySubset<T>(make: (subset: Subset) => T): Record<Subset, T> {
  return { training: make('training'), validation: make('validation'), test: make('test') };
}

/** What is embedded: a picture. */
export interface Item {
  /** Path of the picture; null where the pictures are absent. */
  readonly file: string | null;
  readonly class: number;
  /** Its position among the items. */
  readonly index: number;
}

/** Facts about the data that were read, for the user and the record of a run. */
export interface DataFacts {
  /** The folder that `files` and `missing` are relative to; null for sets that are drawn by code. */
  readonly root: string | null;
  readonly files: { readonly path: string; readonly bytes: number }[];
  /** Files of the full data set that do not exist here. */
  readonly missing: string[];
  readonly counts: Record<string, number>;
  /** Differences from the full data set, one line each. */
  readonly notes: string[];
}

/** A picture: a file, or pixels drawn by code, `[height, width, 3] uint8`, RGB. */
export type Picture =
  { readonly file: string } | { readonly width: number; readonly height: number; readonly data: Uint8Array };

/** Items, their classes, and which of them each subset has. */
export interface ItemDataset {
  readonly name: string;
  readonly items: readonly Item[];
  /** Names of the classes; the first one belongs to `firstClass`. */
  readonly classNames: readonly string[];
  /** Class sets count classes from 1, triplet sets from 0. */
  readonly firstClass: 0 | 1;
  /** Item indexes, in the original's order. */
  readonly instances: BySubset<Int32Array>;
  /** The generator in the state that the split left; samplers continue to draw from it. */
  readonly random: PythonRandom;
  readonly facts: DataFacts;
  /**
   * Returns the picture of an item.
   *
   * @throws UsageError where the pictures are absent or there is no such item
   */
  picture(index: number): Picture;
}

/**
 * Items, their classes, and triplets of items for training, validation and test.
 *
 * A triplet is three item indexes a, b, c. Undirected: c is the odd one out. Directed: a is the anchor, b the positive
 * and c the negative, so that b is nearer to a than c.
 */
export interface TripletDataset extends ItemDataset {
  readonly directed: boolean;
  /** `[items]`: the item that stands for the class of an item. */
  readonly prototypes: Int32Array;
  /** `[3m]`: m triplets, one after another. */
  readonly triplets: BySubset<Int32Array>;
  /** All triplets of items before the split, `[3m]`, and who gave each answer, where that is known. */
  readonly unsplit?: { readonly triplets: Int32Array; readonly persons?: AnswerPersons };
  /**
   * All triplets of classes before the split, `[3m]`, in the order of the files, for sets whose classes were labelled.
   */
  readonly classTriplets?: Int32Array;
}

/**
 * Items and their classes, which supervise: half of the classes is for training, the other half for test, which also
 * serves as validation.
 */
export interface ClassDataset extends ItemDataset {
  readonly firstClass: 1;
  /** The number of classes of the whole data set, in the subsets or not: the length of a one-hot vector. */
  readonly numClasses: number;
}

/**
 * Returns all triplets as they were labelled, before the split, `[3m]`: triplets of classes, or of items where items
 * were labelled themselves.
 */
export function labelledTriplets({ classTriplets, unsplit }: TripletDataset): Int32Array {
  return classTriplets ?? unsplit?.triplets ?? new Int32Array();
}

/** Is this a set of triplets? (Otherwise it is one of classes.) */
export function isTripletDataset(dataset: TripletDataset | ClassDataset): dataset is TripletDataset {
  return 'triplets' in dataset;
}

/** Returns the name of an item's class. */
export function classNameOf({ classNames, firstClass }: ItemDataset, item: Item): string {
  return classNames[item.class - firstClass];
}

/** Makes `ItemDataset.picture` for items that are files. */
export function pictureOf(name: string, items: readonly Item[]): ItemDataset['picture'] {
  return (index) => {
    const item = items.at(index < 0 ? items.length : index);
    if (item === undefined || !Number.isInteger(index))
      throw new UsageError(`invalid item: ${index}; ${name} has ${items.length}, counted from 0`);
    if (item.file === null) throw new UsageError(`missing picture of item ${index}; ${name} was read without pictures`);
    return { file: item.file };
  };
}
