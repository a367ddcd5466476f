import type { Inputs } from '../../training/index.js';
import type { Interval } from '../../statistics/bootstrap.js';

/** A run of a row, as its records tell. */
export interface CollectedRun {
  /** `run-0601`. */
  readonly run: string;
  /** Of its content, as its folder is named. */
  readonly key: string;
  /** The version of its data: `source_embedding~0`. */
  readonly version: string;
  /** From 0, among the row's runs on this version with this seed. */
  readonly repetition: number;
  readonly seed: number;
  readonly value: number;
  /** The same before the training, and of the features without new layers, where these were asked. */
  readonly start?: number;
  readonly features?: number;
  readonly seconds: number;
  readonly engine: string;
  readonly machine: string;
  /** What it was trained on, by content; absent where its record does not say. */
  readonly inputs?: Inputs;
}

export interface CollectedRow {
  readonly data: string;
  readonly name: string;
  /** `FCT, test`. */
  readonly metric: string;
  /** What it is taken over: `1938 triplets`, `46 to 51 triplets`; empty where the records do not say. */
  readonly over: string;
  /** Runs that the table wants, and has. */
  readonly wanted: number;
  readonly n: number;
  readonly mean: number | null;
  /** Of one run; null for fewer than two. */
  readonly deviation: number | null;
  readonly interval: Interval | null;
  /** Seconds of a training, mean over runs; of teachers, which train together, of all of a split. */
  readonly seconds: number | null;
  /** FCT by the teachers' mean distance and their agreement, on their validation triplets, mean over splits. */
  readonly teachers: { readonly fct: number; readonly agreement: number | null } | null;
  /** The best FCT that an embedding can expect there, mean over splits; absent where it was not asked or is not estimable. */
  readonly ceiling?: number;
  /** From the user's file. */
  readonly published: number | null;
  readonly runs: readonly CollectedRun[];
}

/** How much higher the first row's value is than the second's, over pairs of runs of equal split, repetition, seed. */
export interface Comparison {
  readonly data: string;
  readonly first: string;
  readonly second: string;
  readonly n: number;
  readonly mean: number;
  readonly deviation: number | null;
  readonly interval: Interval | null;
  /** Pairs in which the first is higher, and in which it is lower. */
  readonly higher: number;
  readonly lower: number;
  /** Of the paired sign-flip permutation test. */
  readonly probability: number | null;
}

/** A table as far as its runs are there: the content of `TABLE.json`. */
export interface CollectedTable {
  readonly format: 1;
  readonly table: string;
  readonly title: string;
  readonly profile: string;
  /** What the rows differ in. */
  readonly varied: string;
  /** The row that the printed comparisons are with. */
  readonly reference: string;
  /** What differs from the original's settings. */
  readonly deviations: readonly string[];
  /** What is corrected of the original's command lines, which have slips. */
  readonly mended: readonly string[];
  /** What the data sets' records say. */
  readonly data: readonly string[];
  readonly engines: readonly string[];
  readonly machines: readonly string[];
  readonly rows: readonly CollectedRow[];
  /** Of all pairs of rows of a data set. */
  readonly comparisons: readonly Comparison[];
}
