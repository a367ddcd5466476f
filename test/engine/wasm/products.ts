import type { ProductMachine } from '../../../src/engine/wasm/gemm/gemm.js';
import type { Heap } from '../../../src/engine/wasm/gemm/workspace.js';
import { RandomStream } from '../../../src/random/stream.js';

const PAGE = 65536;

/** A heap that never frees. */
export function heapOf(shared: boolean): Heap & { floats(values: ArrayLike<number>): number } {
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
export function multiply(
  machine: ProductMachine,
  heap: ReturnType<typeof heapOf>,
  m: number,
  depths: number[],
  n: number,
) {
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
