import type { Table, TableRow } from '../tables/index.js';

/** How much of a table is run, and at which length. */
export interface Profile {
  readonly name: string;
  /** A sentence about the profile. */
  readonly description: string;
  /** Returns the differences from the original's settings, in words: stated beside every number. */
  notes(table: Table): string[];
  /** Returns a row as this profile runs it; undefined where it leaves the row out. */
  row(row: TableRow): TableRow | undefined;
  /** Does it leave the whole table out? Its notes then say why. */
  leavesOut?(table: Table): boolean;
  /** The number of pictures that every network sees in training, where it is the same for all. */
  readonly picturesSeen?: number;
  /** Does it take rows beyond the paper without being asked? */
  readonly takesBeyondPaper?: boolean;
  /** Does it evaluate networks before their training, too? */
  readonly evaluatesStarts?: boolean;
  /**
   * Returns the folder of a data set that the profile draws, below the experiments' folder; undefined for real data.
   */
  dataFolder?(row: TableRow): string | undefined;
  /** Draws what is needed, once. */
  prepare?(folder: string): Promise<void>;
}
