import test from 'ava';
import { NeighborPool } from '../../src/neighbors/neighbor-pool.js';
import { NeighborSearch } from '../../src/neighbors/search.js';
import { Table } from '../../src/neighbors/table.js';
import { RandomStream } from '../../src/random/stream.js';
import { allowRelaxedSimd } from '../engine/wasm/relaxed-simd.js';

// The first filter must never give a score below the true one, and not one far above it, or it would filter nothing.

allowRelaxedSimd();

const N = 300; // rows: a whole block and a part of one

interface Case {
  readonly size: number;
  readonly value: (row: number, column: number, normal: number) => number;
  readonly product?: boolean;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, at) => sum + value * b[at], 0);

/** The most that rounding to integers of a size and, in a part of the columns, of a norm can change a row. */
const rounding = (y: Float64Array, largest: number, longest: number): number =>
  (Math.sqrt(y.length) / 2) * Math.max(Math.max(...y.map(Math.abs)) / largest, Math.sqrt(dot(y, y)) / longest);

const bounded = test.macro((t, { size, value, product = false }: Case) => {
  const stream = new RandomStream(5, size);
  const rows = Float32Array.from({ length: N * size }, (_, at) => value(Math.floor(at / size), at % size, stream.normal())); // prettier-ignore
  const items = Int32Array.from({ length: N }, (_, i) => i);
  const pool = new NeighborPool(1, size);
  const search = new NeighborSearch(pool, new Table(pool, rows, size, items), { all: N, base: N }, 1, product);
  const { center, unit } = search['begin'](items);
  const y = Array.from(items, (i) => Float64Array.from({ length: size }, (_, c) => rows[i * size + c] - center[c]));
  const norms = y.map((row) => Math.sqrt(dot(row, row)));
  for (const narrow of [false, true]) {
    const [most, more] = narrow ? [[63, 126], [127, 251]] : [[32767, 46000], [32767, 46000]]; // prettier-ignore
    const [asQuery, asBase] = [most, more].map(([largest, longest]) => y.map((row) => rounding(row, largest, longest)));
    search['quantize'](narrow);
    search['pass'](search['base'], N);
    for (const i of items) {
      const entries = pool.ints(search['lists'].at + 8 * N * i, 2 * N);
      let listed = 0;
      for (let e = 0; e < N; e++) {
        const j = ~entries[2 * e];
        if (j < 0) continue;
        listed++;
        const exact = (dot(y[i], y[j]) + (product ? dot(center, y[j]) : -dot(y[j], y[j]) / 2)) * unit * unit;
        const above = search['lists'].score(N * i + e) - exact;
        const [q, b] = [Math.min(asQuery[i], norms[i]), Math.min(asBase[j], norms[j])];
        const [r, c] = [Math.min(asQuery[j], norms[j]), Math.min(asBase[i], norms[i])]; // with the other as the query
        const bound = Math.max(q * norms[j] + (norms[i] + q) * b, r * norms[i] + (norms[j] + r) * c) * unit * unit;
        const least = 1e-5 * (norms[i] * norms[j] * unit * unit + Math.abs(exact)) + 1e-29;
        if (!(above >= 0 && above <= 2 * bound + least))
          t.fail(`rows ${i} and ${j}, narrow ${narrow}: ${above} above ${exact}, of at most ${2 * bound + least}`);
      }
      t.is(listed, N - 1);
    }
  }
  pool.close();
});

const cases: Record<string, Case> = {
  normal: { size: 200, value: (_, __, normal) => normal },
  'by product': { size: 200, value: (_, __, normal) => 0.5 + normal, product: true },
  'one column': { size: 1, value: (_, __, normal) => normal },
  'a column behind the chunks': { size: 65, value: (_, __, normal) => normal },
  'in all columns the most': { size: 150, value: (row) => (row % 2 ? 1 : -1) * (1 + row / N) },
  'all of a norm in a chunk': { size: 256, value: (row, column, normal) => (Math.floor(column / 64) === row % 2 ? normal : 1e-6) }, // prettier-ignore
  'one column dominates': { size: 130, value: (_, column, normal) => (column === 77 ? 1e3 : 1) * normal },
  'norms of all sizes': { size: 70, value: (row, _, normal) => 10 ** ((row % 60) - 30) * normal },
  'zeros and duplicates': { size: 90, value: (row, column) => (row % 3 === 0 ? 0 : Math.sin((row % 7) * column)) },
  constant: { size: 64, value: (row) => row % 5 },
};
for (const [name, one] of Object.entries(cases)) test(name, bounded, one);
