import test from 'ava';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { torchIsBuilt } from '../torch-is-built.js';

const built = (path: string): string => JSON.stringify(pathToFileURL(resolve('dist', path)).href);

/** Prints the engine's version, and the greatest error of products that are large enough for either library. */
const program = `
  const { chooseEngine } = await import(${built('engine/index.js')});
  const tf = await import(${built('tf.js')});
  const { version } = await chooseEngine({ useGpu: false, engine: 'torch-cpu' });
  const [m, k, n] = [160, 170, 180];
  const a = (i, l) => Math.sin(3 * i + l);
  const b = (l, j) => Math.cos(l - 5 * j);
  const matrix = (rows, columns, of) => tf.tensor2d(Float32Array.from({ length: rows * columns }, (_, at) => of(Math.floor(at / columns), at % columns)), [rows, columns]);
  let error = 0;
  for (const [ta, tb] of [[false, false], [true, false], [false, true], [true, true]]) {
    const left = ta ? matrix(k, m, (l, i) => a(i, l)) : matrix(m, k, a);
    const right = tb ? matrix(n, k, (j, l) => b(l, j)) : matrix(k, n, b);
    const c = tf.matMul(left, right, ta, tb).dataSync();
    for (let i = 0; i < m; i += 7)
      for (let j = 0; j < n; j += 11) {
        let sum = 0;
        for (let l = 0; l < k; l++) sum += a(i, l) * b(l, j);
        error = Math.max(error, Math.abs(c[i * n + j] - sum));
      }
  }
  // of many matrices, which threads share, and of a few large ones, in which they share the longer side
  for (const [count, m, k, n] of [[[2, 6], 60, 70, 80], [[1, 1], 90, 150, 300], [[1], 301, 150, 90]]) {
    const left = tf.randomNormal([...count, m, k], 0, 1, 'float32', 1), right = tf.randomNormal([...count, n, k], 0, 1, 'float32', 2);
    const [c, u, v] = [tf.matMul(left, right, false, true), left, right].map((tensor) => tensor.dataSync());
    for (let at = 0; at < c.length; at += 101) {
      const [matrix, i, j] = [Math.floor(at / m / n), Math.floor(at / n) % m, at % n];
      let sum = 0;
      for (let l = 0; l < k; l++) sum += u[(matrix * m + i) * k + l] * v[(matrix * n + j) * k + l];
      error = Math.max(error, Math.abs(c[at] - sum));
    }
  }
  const { readFileSync } = await import('node:fs');
  const libraries = readFileSync('/proc/self/maps', 'utf8');
  console.log(JSON.stringify({ version, error, mkl: !/libblas|openblas/.test(libraries), openBlas: libraries.includes('openblas') }));`;

interface Answer {
  readonly version: string;
  readonly error: number;
  readonly mkl: boolean;
  readonly openBlas: boolean;
}

const hasAvx512 = process.arch !== 'x64' || readFileSync('/proc/cpuinfo', 'utf8').includes('avx512f');

const tested = torchIsBuilt ? test : test.skip;

for (const [isa, limited] of [
  ['AVX2', process.arch === 'x64'],
  ['SSE41', process.arch === 'x64'],
  ['ALL', false],
] as const)
  tested(
    `products are right where oneDNN is limited to ${isa}, and by the faster library (needs npm run build:torch)`,
    (t) => {
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        env: { ...process.env, ONEDNN_MAX_CPU_ISA: isa },
        encoding: 'utf8',
      });
      t.not(stdout, '', stderr);
      const { version, error, mkl, openBlas } = JSON.parse(stdout) as Answer;
      t.true(error < 1e-4, `off by ${error}`);
      // a libtorch with MKL has it within itself, and no other BLAS
      const faster = limited || !hasAvx512 ? 'OpenBLAS' : 'oneDNN and OpenBLAS';
      t.is(version.split(', products by ')[1], mkl ? 'BLAS' : openBlas ? faster : 'oneDNN', version);
    },
  );
