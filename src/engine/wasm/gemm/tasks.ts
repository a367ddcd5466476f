import type { Block } from './blocks.js';
import * as layout from './layout.js';
import { COMMAND_BYTES, FLOAT, TILE_COLUMNS, TILE_ROWS } from './layout.js';
import type { Operand } from './gemm.js';

/** Columns of B packed by one task. */
const PACKED_COLUMNS = 512;

export const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/**
 * Returns the bytes from one panel of packed B, `depth` deep, to the next: some more than a panel needs, so that the
 * panels do not all fall into one set of the cache.
 */
export const panelBytes = (depth: number): number => (depth + 2) * TILE_COLUMNS * FLOAT;

/** Collects tasks for a thread pool, as numbers: all commands, and for each task where its commands begin and end. */
export class Tasks {
  commands: number[] = [];
  bounds: number[] = [];
  private count = 0;
  private ended = 0;

  /** Packs B [depth, n], some columns at a time; `depth` is that of all blocks together. */
  packRight(b: readonly Operand[], n: number, blocks: readonly Block[], packed: number, depth: number): void {
    const panel = panelBytes(depth);
    for (const { segment, from, depth: rows, at } of blocks.flatMap((block) => block.parts))
      for (let column = 0; column < n; column += PACKED_COLUMNS) {
        const { by, table, base } = b[segment];
        const columns = Math.min(PACKED_COLUMNS, n - column);
        const target = packed + (column / TILE_COLUMNS) * panel + at * TILE_COLUMNS * FLOAT;
        if (by === 'rows')
          this.command(
            layout.COMMAND_PACK_ROWS_8,
            table + 4 * from,
            base + column * FLOAT,
            rows,
            columns,
            target,
            panel,
          );
        else {
          const whole = roundUp(columns, TILE_COLUMNS);
          this.command(
            layout.COMMAND_PACK_COLUMNS_8,
            table + 4 * column,
            base + from * FLOAT,
            whole,
            rows,
            target,
            panel,
          );
        }
        this.end();
      }
  }

  /** Packs `rows` rows of A from `row` on, one block deep, into the thread's scratch memory. */
  packLeft(a: readonly Operand[], row: number, rows: number, block: Block): void {
    const panel = block.depth * TILE_ROWS * FLOAT;
    for (const { segment, from, depth, at } of block.parts) {
      const { by, table, base } = a[segment];
      const target = (at - block.at) * TILE_ROWS * FLOAT;
      if (by === 'rows')
        this.command(layout.COMMAND_PACK_ROWS_4, table + 4 * from, base + row * FLOAT, depth, rows, target, panel);
      else {
        const whole = roundUp(rows, TILE_ROWS);
        this.command(layout.COMMAND_PACK_COLUMNS_4, table + 4 * row, base + from * FLOAT, whole, depth, target, panel);
      }
    }
  }

  multiply(...parameters: readonly number[]): void {
    this.command(layout.COMMAND_MULTIPLY, ...parameters);
  }

  /** Ends a task: it has the commands since the last end. */
  end(): void {
    this.bounds.push(this.ended, this.count);
    this.ended = this.count;
  }

  clear(): void {
    [this.commands, this.bounds, this.count, this.ended] = [[], [], 0, 0];
  }

  private command(...numbers: readonly number[]): void {
    for (let i = 0; i < COMMAND_BYTES / 4; i++) this.commands.push(numbers[i] ?? 0);
    this.count++;
  }
}
