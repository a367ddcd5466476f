import * as layout from './memory-layout.js';
import type { Table } from './table.js';
import type { NeighborPool } from './neighbor-pool.js';

const FAR = 4; // rows of more than this many times the median norm do not count for the centre

/** Holds the centre from which the rows of a set are measured, and the unit. */
export interface Frame {
  readonly center: Float64Array;
  /** The power of two that brings the longest row to a norm in [1/2, 1]. */
  readonly unit: number;
  /** The norm of the longest row, in the rows' own unit. */
  readonly longest: number;
}

/** Writes a frame to where the kernels look for it. */
export function writeFrame(pool: NeighborPool, at: number, { center, unit, longest }: Frame): void {
  pool.doubles(at, 3).set([unit, longest, center.reduce((sum, c) => sum + c * c, 0)]);
  pool.doubles(at + layout.FRAME_CENTER, center.length).set(center);
}

/** Holds a set of at most `capacity` rows, quantised. */
export class RowSet {
  readonly at: number;
  private readonly capacity: number;
  private readonly blocks: Record<'panels' | 'inverse' | 'error' | 'rows' | 'offset' | 'slack', number>;
  rows: Int32Array = new Int32Array(0);

  constructor(
    private readonly pool: NeighborPool,
    private readonly table: Table,
    capacity: number,
  ) {
    this.capacity = Math.ceil(capacity / layout.PANEL) * layout.PANEL;
    this.at = pool.reserve(layout.SET_BYTES);
    const fields = {
      panels: [layout.SET_PANELS, 4 * table.pairs],
      inverse: [layout.SET_INVERSE, 8],
      error: [layout.SET_ERROR, 8],
      rows: [layout.SET_ROWS, 4],
      norm: [layout.SET_NORM, 4],
      bias: [layout.SET_BIAS, 4],
      offset: [layout.SET_OFFSET, 8],
      slack: [layout.SET_SLACK, 8],
    } as const;
    this.blocks = Object.fromEntries(
      Object.entries(fields).map(([name, [field, bytes]]) => {
        const block = pool.reserve(bytes * this.capacity);
        pool.ints(this.at + field, 1)[0] = block;
        return [name, block];
      }),
    ) as typeof this.blocks;
  }

  /** Chooses which rows of the table the set has. */
  choose(rows: Int32Array): void {
    this.rows = rows;
    this.pool.ints(this.at + layout.SET_COUNT, 1)[0] = rows.length;
    this.pool.ints(this.blocks.rows, rows.length).set(rows);
  }

  /** Makes a frame for the chosen rows: its centre is their mean without outliers. */
  frame(): Frame {
    const { table, rows } = this;
    let center = table.mean(rows);
    let norms = table.distances(rows, center);
    const limit = FAR * norms.slice().sort()[rows.length >> 1];
    const near = rows.filter((_, i) => norms[i] <= limit);
    if (near.length > 0 && near.length < rows.length) {
      center = table.mean(near);
      norms = table.distances(rows, center);
    }
    const longest = norms.reduce((most, norm) => Math.max(most, norm), 0);
    return { center, longest, unit: longest > 0 ? 2 ** -Math.ceil(Math.log2(longest)) : 1 };
  }

  /**
   * Quantises the chosen rows: y = row - centre is about u q, with integers q and a unit u for each row.
   *
   * @param narrow whether q has 7 bits for queries and 8 for the base, not 16 for both
   */
  quantize(narrow: boolean): void {
    const { pool, rows, blocks, capacity, table } = this;
    const behind = narrow ? capacity : 0;
    const ofBase = [blocks.panels + 2 * table.pairs * behind, blocks.inverse + 4 * behind, blocks.error + 4 * behind];
    pool.ints(this.at + layout.SET_BASE, 3).set(ofBase);
    pool.set(layout.JOB_NARROW, Number(narrow));
    pool.set(layout.JOB_QUERIES, this.at);
    pool.run(layout.KIND_QUANTIZE, Math.ceil(rows.length / layout.ROW_BLOCK));
  }

  /** Returns a float32 score slightly below the least score that a row's value, as the kernels give it, can have. */
  scoreBelow(i: number, value: number, unit: number, product: boolean): number {
    const { pool, blocks } = this;
    const [offset, slack] = [pool.doubles(blocks.offset + 8 * i, 1)[0], pool.doubles(blocks.slack + 8 * i, 1)[0]];
    const scaled = value * unit * unit;
    const score = (product ? -scaled - offset : 0.5 * (offset - scaled)) - slack - 1e-12 * Math.abs(scaled);
    return score - 2e-7 * Math.abs(score) - layout.LEAST;
  }
}
