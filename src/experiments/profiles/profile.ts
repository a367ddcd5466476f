import type { Table, TableRow } from '../tables/index.js';

/** How much of a table is done, and at what length. */
export interface Profile {
  readonly name: string;
  /** In a sentence. */
  readonly description: string;
  /** What of a table differs from the original's settings, in words: stated beside every number. */
  notes(table: Table): string[];
  /** A row as this profile does it; undefined where it leaves it out. */
  row(row: TableRow): TableRow | undefined;
  /** Does it have nothing of a table? Its notes then say why. */
  leavesOut?(table: Table): boolean;
  /** Pictures that every network sees in training, where it is the same for all. */
  readonly picturesSeen?: number;
  /** Does it take rows that are not of the paper without being asked for them? */
  readonly takesBeyondPaper?: boolean;
  /** Are networks evaluated before their training, too? */
  readonly evaluatesStarts?: boolean;
  /** Folder of a data set that the profile draws, below the experiments' folder; undefined for data from elsewhere. */
  dataFolder?(row: TableRow): string | undefined;
  /** Draws what is needed, once. */
  prepare?(folder: string): Promise<void>;
}
