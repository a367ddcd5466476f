import * as layout from './memory-layout.js';
import type { Table } from './table.js';
import type { NeighborPool } from './neighbor-pool.js';

const LARGEST = 32767; // of int16
const LONGEST = 46000; // norm of a quantised row: products stay below 2^31
const ROUNDING = 1e-6; // exceeds float32's error in a score, relative to both norms
const PART = 5e-7; // exceeds float32's relative error in a norm or a bias
const LEAST = 1e-30; // a score above the denormal numbers of float32
const FAR = 4; // rows of more than this many times the median norm do not count for the centre

/** Holds the centre from which the rows of a set are measured, and the unit. */
export interface Frame {
  readonly center: Float64Array;
  /** The power of two that brings the longest row to a norm in [1/2, 1]. */
  readonly unit: number;
  /** The norm of the longest row, in the rows' own unit. */
  readonly longest: number;
}

/** Returns the most that rounding to int16 can change a row, relative to its norm: half a unit in each column. */
export const worstRounding = (size: number): number => (0.5 * Math.sqrt(size)) / LARGEST;

type FloatBlock = 'inverse' | 'norm' | 'error' | 'bias';

/** Holds a set of at most `capacity` rows, quantised. */
export class RowSet {
  readonly at: number;
  private readonly capacity: number;
  private readonly blocks: Record<FloatBlock | 'panels' | 'rows' | 'offset' | 'slack', number>;
  rows: Int32Array = new Int32Array(0);

  constructor(
    private readonly pool: NeighborPool,
    private readonly table: Table,
    capacity: number,
  ) {
    this.capacity = Math.ceil(capacity / layout.PANEL) * layout.PANEL;
    const { pairs } = table;
    this.at = pool.reserve(layout.SET_BYTES);
    const fields = {
      panels: [layout.SET_PANELS, 4 * pairs],
      rows: [layout.SET_ROWS, 4],
      inverse: [layout.SET_INVERSE, 4],
      norm: [layout.SET_NORM, 4],
      error: [layout.SET_ERROR, 4],
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
   * Quantises the chosen rows: y = row - centre is about u q, with q int16 and a unit u for each row; e = |y - u q|.
   *
   * @returns the largest e / |y|
   */
  quantize({ center, unit, longest }: Frame, product: boolean): number {
    const { PANEL } = layout;
    const { table, rows, pool, capacity } = this;
    const { size, pairs } = table;
    const filled = Math.ceil(rows.length / PANEL) * PANEL;
    const panels = pool.shorts(this.blocks.panels, capacity * 2 * pairs).fill(0, 0, filled * 2 * pairs);
    const float = (name: FloatBlock): Float32Array => pool.floats(this.blocks[name], filled).fill(0);
    const [inverse, norms, errors] = [float('inverse'), float('norm'), float('error')];
    const biases = float('bias').fill(Infinity);
    const [offsets, slacks] = [pool.doubles(this.blocks.offset, filled), pool.doubles(this.blocks.slack, filled)];
    const centerSquared = center.reduce((sum, c) => sum + c * c, 0);
    const far = Math.sqrt(centerSquared) + longest;
    const y = new Float64Array(size);
    let worst = 0;
    for (let i = 0; i < rows.length; i++) {
      const x = table.row(rows[i]);
      let [squared, most, along] = [0, 0, 0];
      for (let k = 0; k < size; k++) {
        const value = (y[k] = x[k] - center[k]);
        squared += value * value;
        along += center[k] * value;
        most = Math.max(most, Math.abs(value));
      }
      const norm = Math.sqrt(squared);
      const scale = norm > 0 ? Math.min(LARGEST / most, LONGEST / norm) : 0;
      const to = Math.floor(i / PANEL) * PANEL * 2 * pairs + (i % PANEL) * 2;
      let rounding = 0;
      for (let k = 0; k < size; k++) {
        const exact = y[k] * scale;
        const quantized = Math.round(exact);
        rounding += (exact - quantized) * (exact - quantized);
        panels[to + (k >> 1) * 2 * PANEL + (k & 1)] = quantized;
      }
      const relative = scale > 0 ? Math.sqrt(rounding) / (scale * norm) : 0;
      worst = Math.max(worst, relative);
      inverse[i] = scale > 0 ? unit / scale : 0;
      norms[i] = norm * unit * (1 + PART);
      errors[i] = relative;
      const bias = (product ? -along : squared / 2) * unit * unit;
      biases[i] = bias - PART * Math.abs(bias) - LEAST;
      offsets[i] = (product ? along + centerSquared : squared) * unit * unit;
      slacks[i] = 1e-12 * (product ? far * far : squared) * unit * unit;
    }
    return worst;
  }

  /**
   * Bounds the errors of the scores with queries whose relative rounding is at most `worst`:
   * |y_i y_j - q_i q_j u_i u_j| <= |y_i| e_j + e_i (|y_j| + e_j) <= |y_i| (e_j + worst (|y_j| + e_j)).
   */
  bound(worst: number): void {
    const { pool, rows, blocks } = this;
    const [norms, errors] = [pool.floats(blocks.norm, rows.length), pool.floats(blocks.error, rows.length)];
    for (let i = 0; i < rows.length; i++)
      errors[i] = norms[i] * (errors[i] + worst * (1 + errors[i]) + ROUNDING) * (1 + PART) + LEAST;
  }

  /** Returns a float32 score slightly below the least score that a row's value, as the kernels give it, can have. */
  scoreBelow(i: number, value: number, unit: number, product: boolean): number {
    const { pool, blocks } = this;
    const [offset, slack] = [pool.doubles(blocks.offset + 8 * i, 1)[0], pool.doubles(blocks.slack + 8 * i, 1)[0]];
    const scaled = value * unit * unit;
    const score = (product ? -scaled - offset : 0.5 * (offset - scaled)) - slack - 1e-12 * Math.abs(scaled);
    return score - 2e-7 * Math.abs(score) - LEAST;
  }
}
