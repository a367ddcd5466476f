import { blocksOf, type Block } from './blocks.js';
import { kernelModule } from '../../../assets.js';
import { compile, usesWideVectors } from '../wide-vectors.js';
import { CALL_BYTES } from '../layers/layout.js';
import { usesRelaxedSimd } from '../relaxed-simd.js';
import { ThreadPool } from '../../threads/thread-pool.js';
import * as layout from './layout.js';
import { COMMAND_BYTES, FLOAT, TILE_COLUMNS, TILE_ROWS } from './layout.js';
import { panelBytes, roundUp, Tasks } from './tasks.js';
import { Workspace, type Heap } from './workspace.js';

/** The most numbers of A that a task may pack at once: 128 KiB, half of a small second-level cache. */
const PACKED_NUMBERS = 32768;
/** Numbers of B packed at once, 16 MiB. */
const PACKED_B = 2 ** 22;
/** Multiplications below which waking other threads costs more than it saves. */
const WORTH_HELP = 2 ** 20;
/** Multiplications that take about as long as packing a number. */
const PACKING = 16;
/** Tasks wanted for each thread, so that no thread waits long for the last one. */
const TASKS_PER_THREAD = 3;

/**
 * Names a matrix [k, width] (A transposed, or B) by the addresses of its rows, or of its columns.
 *
 * Row or column i begins at `base` + table[i], and its numbers follow each other. Tables of columns are read up to the
 * next multiple of 8.
 */
export interface Operand {
  readonly by: 'rows' | 'columns';
  readonly table: number;
  readonly base: number;
}

/** Describes C = sum over segments s of A_s B_s; row i of C begins at `base` + table[i]. */
export interface Product {
  readonly a: readonly Operand[];
  readonly b: readonly Operand[];
  readonly c: Omit<Operand, 'by'>;
}

/** Describes products of one shape: C [m, n], with segments of the given depths along k. */
export interface Products {
  readonly m: number;
  readonly n: number;
  readonly depths: readonly number[];
  readonly items: readonly Product[];
  /** Whether to add to the numbers in C. */
  readonly accumulate?: boolean;
}

/** Computes matrix products, and calls functions of layers, with a thread pool. */
export class ProductMachine {
  readonly workspace: Workspace;
  readonly pool: ThreadPool;
  private readonly heap: Heap;
  private wide = false;

  constructor(heap: Heap, threads: number) {
    this.workspace = new Workspace(heap);
    this.heap = heap;
    const shared = heap.memory.buffer instanceof SharedArrayBuffer;
    const reserve = (bytes: number): number => Math.ceil(heap.allocate(bytes + 63) / 64) * 64;
    this.pool = new ThreadPool(
      { memory: heap.memory, reserve },
      {
        module: kernelModule(`engine${shared ? '-shared' : ''}${usesRelaxedSimd() ? '-relaxed' : ''}`, compile),
        jobBytes: layout.JOB_BYTES,
        scratchBytes: layout.SCRATCH_PACKED + 4 * PACKED_NUMBERS,
        threads,
      },
    );
    this.wide = usesWideVectors() && this.widePays();
  }

  /**
   * Tells whether tiles of two panels are faster here: they are where V8 makes vectors of 256 bits of them, and elsewhere
   * they do not fit into the registers. Results are the same.
   */
  private widePays(): boolean {
    const [size, depth] = [64, WORTH_HELP / 64 ** 2];
    const times = [Infinity, Infinity];
    for (let round = 0; round < 12; round++) {
      this.wide = round % 2 === 1;
      const start = performance.now();
      this.compute((workspace) => {
        const numbers = workspace.table(3 * size, (integers, at) => integers.fill(0, at, at + 3 * size));
        const table = workspace.table(depth, (integers, at) => integers.fill(0, at, at + depth));
        const zeros = [{ by: 'rows', table, base: numbers } as const];
        return { m: size, n: size, depths: [depth], items: [{ a: zeros, b: zeros, c: { table, base: numbers + 4 * size } }] }; // prettier-ignore
      });
      times[round % 2] = Math.min(times[round % 2], performance.now() - start);
    }
    return times[1] < times[0];
  }

  /** Computes the products that `plan` describes, with tables made in the workspace. */
  compute(plan: (workspace: Workspace) => Products): void {
    try {
      const products = plan(this.workspace);
      const width = roundUp(products.n, TILE_COLUMNS);
      const depth = products.depths.reduce((sum, part) => sum + part, 0);
      const together = Math.max(1, Math.floor(PACKED_B / (width * depth)));
      for (let first = 0; first < products.items.length;) {
        const right = new Map<readonly Operand[], number>();
        const start = first;
        for (; first < products.items.length; first++) {
          const { b } = products.items[first];
          if (right.has(b)) continue;
          if (right.size === together) break;
          right.set(b, right.size);
        }
        const group = { ...products, items: products.items.slice(start, first) };
        this.computeGroup(group, right, blocksOf(products.depths, PACKED_B / (width * right.size)));
      }
    } finally {
      this.workspace.reset();
    }
  }

  /**
   * Calls functions of ../assembly/layers, which must not depend on each other; with all threads if `parallel`.
   *
   * @param calls numbers of functions, each with its parameters
   */
  call(calls: readonly (readonly number[])[], parallel: boolean): void {
    try {
      const at = this.workspace.take(calls.length * CALL_BYTES);
      const numbers = new Float64Array(this.heap.memory.buffer, at, (calls.length * CALL_BYTES) / 8);
      calls.forEach((call, number) => {
        numbers.set(call, (number * CALL_BYTES) / 8);
      });
      this.setJob(0, at);
      this.pool.run(calls.length, parallel);
    } finally {
      this.workspace.reset();
    }
  }

  private setJob(tasks: number, calls: number): void {
    new Int32Array(this.heap.memory.buffer, this.pool.job + layout.JOB_TASK_TABLE, 2).set([tasks, calls]);
  }

  private computeGroup(products: Products, right: Map<readonly Operand[], number>, stretches: Block[][]): void {
    const width = roundUp(products.n, TILE_COLUMNS);
    const depths = stretches.map((blocks) => blocks.at(-1)!.at + blocks.at(-1)!.depth);
    const bytes = (depth: number) => (width / TILE_COLUMNS) * panelBytes(depth);
    const packed = this.workspace.take(right.size * bytes(Math.max(...depths)));
    stretches.forEach((blocks, number) => {
      const depth = depths[number];
      const address = (index: number) => packed + index * bytes(depth);
      const tasks = new Tasks();
      for (const [b, index] of right) tasks.packRight(b, products.n, blocks, address(index), depth);
      this.run(tasks, PACKING * right.size * width * depth);
      for (const item of products.items)
        this.multiplyItem(
          tasks,
          products,
          item,
          blocks,
          address(right.get(item.b)!),
          depth,
          number > 0 || products.accumulate === true,
        );
      this.run(tasks, products.items.length * products.m * products.n * depth);
    });
  }

  private multiplyItem(
    tasks: Tasks,
    products: Products,
    { a, c }: Product,
    blocks: Block[],
    packed: number,
    depth: number,
    accumulate: boolean,
  ): void {
    const { m, n, items } = products;
    const [height, width] = this.taskShape(m, n, Math.max(...blocks.map((block) => block.depth)), items.length);
    const panel = panelBytes(depth);
    for (let row = 0; row < m; row += height)
      for (let column = 0; column < n; column += width) {
        const rows = Math.min(height, m - row);
        blocks.forEach((block, number) => {
          tasks.packLeft(a, row, rows, block);
          const b = packed + (column / TILE_COLUMNS) * panel + block.at * TILE_COLUMNS * FLOAT;
          const columns = Math.min(width, n - column);
          const offset = c.base + column * FLOAT;
          const add = accumulate || number > 0 ? 1 : 0;
          tasks.multiply(b, panel, block.depth, rows, columns, c.table + row * 4, offset, add, this.wide ? 1 : 0);
        });
        tasks.end();
      }
  }

  /** Chooses the rows and columns of C for a task: as many as can be packed, or fewer to give all threads tasks. */
  private taskShape(m: number, n: number, depth: number, items: number): [number, number] {
    const most = Math.max(TILE_ROWS, Math.floor(PACKED_NUMBERS / depth / TILE_ROWS) * TILE_ROWS);
    const wanted = this.pool.threads === 1 ? 1 : (TASKS_PER_THREAD * this.pool.threads) / items;
    const height = Math.min(most, roundUp(Math.max(32, m / wanted), TILE_ROWS));
    const slices = Math.ceil(wanted / Math.ceil(m / height));
    return [height, roundUp(Math.max(64, n / slices), 2 * TILE_COLUMNS)];
  }

  private run(tasks: Tasks, multiplications: number): void {
    const commands = this.workspace.integers(tasks.commands);
    const bounds = this.workspace.integers(tasks.bounds.map((number) => commands + number * COMMAND_BYTES));
    this.setJob(bounds, 0);
    this.pool.run(tasks.bounds.length / 2, multiplications > WORTH_HELP);
    tasks.clear();
  }
}
