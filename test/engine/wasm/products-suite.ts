import test from 'ava';
import { setTimeout } from 'node:timers/promises';
import { usesRelaxedSimd } from '../../../src/engine/wasm/relaxed-simd.js';
import { ProductMachine } from '../../../src/engine/wasm/gemm/gemm.js';
import { heapOf, multiply } from './products.js';

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
    freed.length = 0; // it may have compared its tiles
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
