import type { IndexModelName } from '../catalogue/models.js';
import type { RandomStream } from '../random/stream.js';
import { embedOrdinalRows, initialOrdinalTable } from './ordinal-table.js';
import { embedRows, initialTable } from './psycho-table.js';

/** Holds how the table of an index model starts, and which embeddings a trained table gives. */
interface IndexTable {
  /** @returns float32 `[items, size]` */
  readonly initial: (stream: RandomStream, items: number, size: number) => Float32Array;
  /**
   * @param table `[rows, size] float32`
   * @param rows `[n] int32`, the row of each item
   * @returns `[n, size] float32`
   */
  readonly embed: (table: Float32Array, rows: Int32Array, size: number) => Float32Array;
}

/** The tables of all index models, by their names in the configurations. */
export const indexTables: Readonly<Record<IndexModelName, IndexTable>> = {
  Psycho: { initial: initialTable, embed: embedRows },
  Ordinal: { initial: initialOrdinalTable, embed: embedOrdinalRows },
};
