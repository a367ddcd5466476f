import * as layout from './neighbors-layout.js';
import type { NeighborTeam } from './neighbors-team.js';

const LARGEST = 32767; // of int16
const LONGEST = 46000; // norm of a quantised row: products stay below 2^31
const ROUNDING = 1e-6; // of float32 in a score, as a part of the two norms; more than it can be
const BIAS_ROUNDING = 5e-7;
const LEAST = 1e-30; // score unit that float32 keeps above its denormal numbers
const FAR = 4; // rows this many times as long as the median do not count for the centre

/** Where the rows of a set are measured from, and in which unit. */
export interface Frame {
  readonly center: Float64Array;
  /** The power of two that brings the longest row to a norm in [1/2, 1]. */
  readonly unit: number;
  /** Relative error of the worst quantised row. */
  readonly worst: number;
}

/** Memory for a set of at most so many rows. */
export class RowSet {
  readonly at: number;
  private readonly capacity: number;
  private readonly blocks: Record<'panels' | 'rows' | 'inverse' | 'norm' | 'error' | 'bias' | 'offset' | 'slack', number>;
  rows = new Int32Array(0);

  constructor(
    private readonly team: NeighborTeam,
    private readonly table: Table,
    capacity: number,
  ) {
    this.capacity = Math.ceil(capacity / layout.PANEL) * layout.PANEL;
    const { pairs } = table;
    this.at = team.reserve(layout.SET_BYTES);
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
        const block = team.reserve(bytes * this.capacity);
        team.ints(this.at + field, 1)[0] = block;
        return [name, block];
      }),
    ) as typeof this.blocks;
  }

  /** Which rows of the table the set has. */
  choose(rows: Int32Array): void {
    this.rows = rows;
    this.team.ints(this.at + layout.SET_COUNT, 1)[0] = rows.length;
    this.team.ints(this.blocks.rows, rows.length).set(rows);
  }

  /** A frame for the chosen rows: their mean as the centre, rows far out left aside. */
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
    // any row: at most half a unit in each column, and one of the two limits on its unit is reached
    const worst = (0.5 * Math.sqrt(table.size)) / Math.min(LARGEST, LONGEST) + ROUNDING;
    return { center, unit: longest > 0 ? 2 ** -Math.ceil(Math.log2(longest)) : 1, worst };
  }

  /**
   * Quantises the chosen rows: y = row - centre is int16 q times a unit of its own.
   *
   * |y_i y_j - q_i q_j u_i u_j| <= |y_i| e_j + e_i (|y_j| + e_j), e the rounding of a row: at most |y_i| times the `error`
   * of j, which has the worst relative rounding of any i.
   */
  quantize({ center, unit, worst }: Frame, product: boolean): void {
    const { table, rows, team, capacity } = this;
    const { size, pairs } = table;
    const panels = team.shorts(this.blocks.panels, capacity * 2 * pairs);
    const filled = Math.ceil(rows.length / layout.PANEL) * layout.PANEL;
    const [inverse, norms, errors, biases] = (['inverse', 'norm', 'error', 'bias'] as const).map((name) =>
      team.floats(this.blocks[name], filled),
    );
    const [offsets, slacks] = (['offset', 'slack'] as const).map((name) => team.doubles(this.blocks[name], filled));
    panels.fill(0, 0, filled * 2 * pairs);
    [inverse, norms, errors].forEach((values) => values.fill(0));
    biases.fill(Infinity);
    const centerNorm = Math.sqrt(center.reduce((sum, c) => sum + c * c, 0));
    const y = new Float64Array(size);
    rows.forEach((row, i) => {
      const x = table.row(row);
      let [squared, most, along] = [0, 0, 0];
      for (let k = 0; k < size; k++) {
        const value = (y[k] = x[k] - center[k]);
        squared += value * value;
        along += center[k] * value;
        most = Math.max(most, Math.abs(value));
      }
      const norm = Math.sqrt(squared);
      const scale = norm > 0 ? Math.min(LARGEST / most, LONGEST / norm) : 0;
      const to = Math.floor(i / layout.PANEL) * layout.PANEL * 2 * pairs + (i % layout.PANEL) * 2;
      let rounding = 0;
      for (let k = 0; k < size; k++) {
        const exact = y[k] * scale;
        const quantized = Math.round(exact);
        rounding += (exact - quantized) ** 2;
        panels[to + (k >> 1) * 2 * layout.PANEL + (k & 1)] = quantized;
      }
      const error = scale > 0 ? Math.sqrt(rounding) / scale : 0;
      inverse[i] = scale > 0 ? unit / scale : 0;
      norms[i] = norm * unit * (1 + BIAS_ROUNDING);
      errors[i] = (error * (1 + worst) + worst * norm + ROUNDING * norm) * unit * (1 + BIAS_ROUNDING) + LEAST;
      const bias = (product ? -along : squared / 2) * unit * unit;
      biases[i] = bias - BIAS_ROUNDING * Math.abs(bias) - LEAST;
      const offset = product ? along + centerNorm ** 2 : squared;
      offsets[i] = offset * unit * unit;
      slacks[i] = 1e-12 * (Math.abs(offset) + (product ? (norm + centerNorm) * centerNorm : 0)) * unit * unit;
    });
  }
}

/** The rows that are searched: `[rows, size]` in the team's memory. */
export class Table {
  readonly at: number;
  readonly stride: number; // numbers
  readonly pairs: number;
  private readonly numbers: Float32Array;

  constructor(
    team: NeighborTeam,
    embeddings: Float32Array,
    readonly size: number,
    items: Int32Array,
  ) {
    this.stride = Math.ceil(size / 4) * 4;
    this.pairs = this.stride / 2;
    this.at = team.reserve(4 * this.stride * items.length);
    this.numbers = team.floats(this.at, this.stride * items.length);
    items.forEach((item, row) => {
      this.numbers.set(embeddings.subarray(item * size, (item + 1) * size), row * this.stride);
    });
  }

  row(row: number): Float32Array {
    return this.numbers.subarray(row * this.stride, row * this.stride + this.size);
  }

  mean(rows: Int32Array): Float64Array {
    const sum = new Float64Array(this.size);
    for (const row of rows) {
      const x = this.row(row);
      for (let k = 0; k < this.size; k++) sum[k] += x[k];
    }
    return sum.map((value) => value / rows.length);
  }

  distances(rows: Int32Array, center: Float64Array): Float64Array {
    return Float64Array.from(rows, (row) => {
      const x = this.row(row);
      let sum = 0;
      for (let k = 0; k < this.size; k++) sum += (x[k] - center[k]) ** 2;
      return Math.sqrt(sum);
    });
  }
}
