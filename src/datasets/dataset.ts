import type { PythonRandom } from '../random/python-random.js';

/** The three parts of a data set, in the order in which everything is drawn. */
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
  /** Position among the items. */
  readonly index: number;
}

/** What was read, for the user and the record of a run. */
export interface DataFacts {
  /** Folder that `files` and `missing` are relative to; null for sets that are drawn by code. */
  readonly root: string | null;
  readonly files: { readonly path: string; readonly bytes: number }[];
  /** Files of the full data set that are not there. */
  readonly missing: string[];
  readonly counts: Record<string, number>;
  /** What differs from the full data set, one line each. */
  readonly notes: string[];
}

/**
 * Items, their classes, and triplets of items for training, validation and test.
 *
 * A triplet is three item indexes a, b, c: undirected, c is the odd one out; directed, a is the anchor and b is nearer
 * to it than c.
 */
export interface TripletDataset {
  readonly name: string;
  readonly directed: boolean;
  readonly items: readonly Item[];
  readonly classNames: readonly string[];
  /** `[items]`: the item that stands for the class of an item. */
  readonly prototypes: Int32Array;
  /** `[3m]`: m triplets, one after another. */
  readonly triplets: BySubset<Int32Array>;
  /** Item indexes in the order of the reference. */
  readonly instances: BySubset<Int32Array>;
  /** In the state in which the split left it: samplers draw on from it. */
  readonly random: PythonRandom;
  readonly facts: DataFacts;
}
