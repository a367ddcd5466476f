import type { Inputs } from '../../training/index.js';
import type { Interval } from '../../statistics/bootstrap.js';

/** A run of a row, from its records. */
export interface CollectedRun {
  /** `run-0601`. */
  readonly run: string;
  /** The digest of its content, as in its folder's name. */
  readonly key: string;
  /** The version of its data set: `source_embedding~0`. */
  readonly version: string;
  /** Its number, from 0, among the row's runs on this version with this seed. */
  readonly repetition: number;
  readonly seed: number;
  readonly value: number;
  /** The value before training, and that of the features without new layers, where these were evaluated. */
  readonly start?: number;
  readonly features?: number;
  readonly seconds: number;
  readonly engine: string;
  readonly machine: string;
  /** Digests of its training data; absent where its record lacks them. */
  readonly inputs?: Inputs;
}

export interface CollectedRow {
  readonly data: string;
  readonly name: string;
  /** `FCT, test`. */
  readonly metric: string;
  /** What the metric is a mean over: `1938 triplets`, `46 to 51 triplets`; empty where the records do not say. */
  readonly over: string;
  /** The number of runs that the table wants, and that it has. */
  readonly wanted: number;
  readonly n: number;
  readonly mean: number | null;
  /** The standard deviation of one run; null for fewer than two runs. */
  readonly standardDeviation: number | null;
  readonly interval: Interval | null;
  /** Seconds of one training, as a mean over runs; teachers train together, so theirs are those of a whole split. */
  readonly seconds: number | null;
  /** FCT by the teachers' mean distance and their agreement, on their validation triplets, as means over splits. */
  readonly teachers: { readonly fct: number; readonly agreement: number | null } | null;
  /** The best FCT that an embedding can expect there, as a mean over splits; absent if not wanted or not estimable. */
  readonly ceiling?: number;
  /** The published value, from the user's file. */
  readonly published: number | null;
  readonly runs: readonly CollectedRun[];
}

/**
 * How much higher the first row's value is than the second's, over pairs of runs with equal split, repetition and seed.
 */
export interface Comparison {
  readonly data: string;
  readonly first: string;
  readonly second: string;
  readonly n: number;
  readonly mean: number;
  readonly standardDeviation: number | null;
  readonly interval: Interval | null;
  /** The number of pairs in which the first is higher, and in which it is lower. */
  readonly higher: number;
  readonly lower: number;
  /** The p-value of the paired sign-flip permutation test. */
  readonly pValue: number | null;
}

/** A table with the results of its finished runs: what `TABLE.json` holds (collected-json.ts has its keys). */
export interface CollectedTable {
  readonly format: 1;
  readonly table: string;
  readonly title: string;
  readonly profile: string;
  /** What differs between the rows. */
  readonly varied: string;
  /** The row that printed comparisons are made with. */
  readonly reference: string;
  /** Differences from the original's settings. */
  readonly deviations: readonly string[];
  /** Corrections of the original's command lines, which have slips. */
  readonly corrections: readonly string[];
  /** Notes from the data sets' records. */
  readonly data: readonly string[];
  readonly engines: readonly string[];
  readonly machines: readonly string[];
  readonly rows: readonly CollectedRow[];
  /** The comparisons of all pairs of rows of each data set. */
  readonly comparisons: readonly Comparison[];
}
