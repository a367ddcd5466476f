import test from 'ava';
import { setTimeout } from 'node:timers/promises';
import { usesRelaxedSimd } from '../../../src/engine/wasm/relaxed-simd.js';
import { ProductMachine } from '../../../src/engine/wasm/gemm/gemm.js';
import type { Heap } from '../../../src/engine/wasm/gemm/workspace.js';
import { RandomStream } from '../../../src/random/stream.js';

const PAGE = 65536;

/** A heap that never frees. */
function heapOf(shared: boolean): Heap & { floats(values: ArrayLike<number>): number } {
  const memory = new WebAssembly.Memory({ initial: 600, maximum: 600, shared });
  let top = PAGE;
  const allocate = (bytes: number) => {
    const address = top;
    top += Math.ceil(bytes / 64) * 64;
    if (top > memory.buffer.byteLength) throw new Error('heap is full');
    return address;
  };
  return {
    memory,
    allocate,
    free: () => undefined,
    floats(values) {
      const address = allocate(4 * values.length);
      new Float32Array(memory.buffer, address, values.length).set(values);
      return address;
    },
  };
}

const random = (length: number, name: string): Float32Array => {
  const stream = new RandomStream(0, 'test', name);
  return Float32Array.from({ length }, () => stream.uniform() - 0.5);
};

/** C = A B by a machine, with rows of C and A and columns of B in reverse, and the depth cut into segments. */
function multiply(machine: ProductMachine, heap: ReturnType<typeof heapOf>, m: number, depths: number[], n: number) {
  const k = depths.reduce((sum, depth) => sum + depth, 0);
  const [left, right] = [random(m * k, 'a'), random(k * n, 'b')];
  const [a, b, c] = [left, right, new Float32Array(m * n)].map((values) => heap.floats(values));
  machine.compute((workspace) => {
    const reversed = (count: number, stride: number) =>
      workspace.table(Math.ceil(count / 8) * 8, (integers, at) => {
        for (let i = 0; i < Math.ceil(count / 8) * 8; i++) integers[at + i] = Math.max(0, count - 1 - i) * stride;
      });
    const [rowsA, columnsB, rowsC] = [reversed(m, 4 * k), reversed(n, 4 * k), reversed(m, 4 * n)];
    const starts = depths.map((_, segment) => depths.slice(0, segment).reduce((sum, depth) => sum + depth, 0));
    const item = {
      a: starts.map((start) => ({ by: 'columns' as const, table: rowsA, base: a + 4 * start })),
      b: starts.map((start) => ({ by: 'columns' as const, table: columnsB, base: b + 4 * start })),
      c: { table: rowsC, base: c },
    };
    return { m, n, depths, items: [item] };
  });
  const expected = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++)
      for (let l = 0; l < k; l++) expected[i * n + j] += left[i * k + l] * right[(n - 1 - j) * k + l];
  return { actual: new Float32Array(heap.memory.buffer, c, m * n).slice(), expected };
}

/** How often a product of two numbers and its sum with a third are rounded: (1 + e)(1 - e) - 1 is -e^2 or 0. */
function rounded(): 'once' | 'twice' {
  const heap = heapOf(false);
  const e = 2 ** -13;
  const [a, b, c] = [[-1, 1 + e], [1, 1 - e], [0]].map((values) => heap.floats([...values, 0, 0, 0, 0, 0, 0, 0, 0]));
  new ProductMachine(heap, 1).compute((workspace) => {
    const table = workspace.table(8, (integers, at) => integers.fill(0, at, at + 8));
    const operand = (base: number) => [{ by: 'columns' as const, table, base }];
    return { m: 1, n: 1, depths: [2], items: [{ a: operand(a), b: operand(b), c: { table, base: c } }] };
  });
  const [value] = new Float32Array(heap.memory.buffer, c, 1);
  return value === 0 ? 'twice' : 'once';
}

/** Tests products in the form of the kernels that this process uses: with relaxed SIMD or without. */
export function testProducts(relaxed: boolean): void {
  test('the kernels have the form that is tested here', (t) => {
    t.is(usesRelaxedSimd(), relaxed);
    t.is(rounded(), relaxed ? 'once' : 'twice');
  });

  test('products by tables of addresses, cut into any segments', (t) => {
    for (const [m, depths, n] of [
      [1, [1], 1],
      [5, [3, 1, 4], 9],
      [70, [319, 2, 320, 7], 21],
      [4, [641], 8],
      [131, [30, 30], 600],
    ] as [number, number[], number][]) {
      const heap = heapOf(false);
      const { actual, expected } = multiply(new ProductMachine(heap, 1), heap, m, depths, n);
      actual.forEach((value, i) => {
        if (Math.abs(value - expected[i]) > 2e-5)
          t.fail(`${m} x ${depths.join('+')} x ${n}: ${value}, not ${expected[i]}`);
      });
    }
    t.pass();
  });

  test('any number of threads gives the same bits', async (t) => {
    const alone = heapOf(false);
    const one = multiply(new ProductMachine(alone, 1), alone, 203, [500, 13], 117);
    const heap = heapOf(true);
    const machine = new ProductMachine(heap, 3);
    for (let round = 0; machine.pool.joined < 2 || round < 3; round++) {
      const many = multiply(machine, heap, 203, [500, 13], 117);
      t.deepEqual(new Uint8Array(many.actual.buffer), new Uint8Array(one.actual.buffer));
      await setTimeout(20);
    }
    t.is(machine.pool.joined, 2);
  });

  test('memory that threads cannot share has one', (t) => {
    t.is(new ProductMachine(heapOf(false), 8).pool.threads, 1);
    t.is(new ProductMachine(heapOf(true), 8).pool.threads, 8);
  });

  test('a workspace frees what it outgrows and gives back too much', (t) => {
    const heap = heapOf(false);
    const freed: number[] = [];
    const machine = new ProductMachine({ ...heap, free: (address) => freed.push(address) }, 1);
    const first = machine.workspace.take(100);
    t.is(first % 64, 0);
    const second = machine.workspace.take(200_000);
    t.true(second >= first + 128);
    machine.workspace.reset();
    t.is(freed.length, 2);
    const again = machine.workspace.take(100);
    machine.workspace.take(200_000);
    machine.workspace.reset();
    t.is(machine.workspace.take(100), again);
    t.is(freed.length, 2);
  });
}
