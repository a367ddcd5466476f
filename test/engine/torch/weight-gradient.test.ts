import test from 'ava';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { torchIsBuilt } from '../torch-is-built.js';

const built = (path: string): string => JSON.stringify(pathToFileURL(resolve('dist', path)).href);

/** [pictures, height, width, inputs, outputs, filter, stride]: channels of no tile's size, and what is cut into parts. */
const shapes = [
  [3, 23, 24, 33, 70, 3, 2],
  [3, 5, 530, 16, 19, 3, 1], // lines in pieces, parts that begin within a line
  [2, 60, 51, 16, 16, 3, 1], // fewer tiles than threads
  [1, 1, 9000, 18, 33, 1, 1], // rows of a matrix
  [5, 7, 7, 40, 17, 3, 1], // several pictures at once
  [0, 7, 7, 40, 17, 3, 1], // no pictures
];

/** Prints a digest of all gradients, and their greatest error beside sums in double precision. */
const program = `
  const { createHash } = await import('node:crypto');
  const { chooseEngine } = await import(${built('engine/index.js')});
  const tf = await import(${built('tf.js')});
  await chooseEngine({ useGpu: false, engine: 'torch-cpu' });
  const numbers = (shape, of) => tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, at) => of(at * at)), shape);
  const hash = createHash('sha256');
  let error = 0;
  for (const [batch, height, width, inputs, outputs, size, stride] of ${JSON.stringify(shapes)}) {
    const matrix = size === 1;
    // pictures lie in another order of their axes
    const x = matrix ? numbers([batch, height, width, inputs], Math.sin) : tf.transpose(numbers([batch, inputs, height, width], Math.sin), [0, 2, 3, 1]);
    const [p, q] = [height, width].map((side) => Math.ceil(side / stride));
    const dy = numbers([batch, p, q, outputs], Math.cos);
    const dw = matrix
      ? tf.matMul(tf.reshape(x, [-1, inputs]), tf.reshape(dy, [-1, outputs]), true, false)
      : tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, { strides: stride, pad: 'same', dataFormat: 'NHWC', filterShape: [size, size, inputs, outputs] });
    const found = dw.dataSync();
    hash.update(found);
    if (process.argv[1] === 'errors') {
      const [X, D] = [x.dataSync(), dy.dataSync()];
      const [top, left] = [[height, p], [width, q]].map(([side, out]) => Math.floor(Math.max(0, (out - 1) * stride + size - side) / 2));
      const sums = new Float64Array(size * size * inputs * outputs);
      for (let n = 0; n < batch; n++) for (let i = 0; i < p; i++) for (let j = 0; j < q; j++)
        for (let u = 0; u < size; u++) for (let v = 0; v < size; v++) {
          const [y, z] = [stride * i + u - top, stride * j + v - left];
          if (y < 0 || z < 0 || y >= height || z >= width) continue;
          const [from, by] = [((n * height + y) * width + z) * inputs, ((n * p + i) * q + j) * outputs];
          for (let c = 0; c < inputs; c++) for (let o = 0; o < outputs; o++) sums[((u * size + v) * inputs + c) * outputs + o] += X[from + c] * D[by + o];
        }
      sums.forEach((sum, at) => { error = Math.max(error, Math.abs(found[at] - sum)); });
      if (found.length !== sums.length) error = Infinity;
    }
  }
  console.log(JSON.stringify({ digest: hash.digest('hex'), error }));`;

interface Answer {
  readonly digest: string;
  readonly error: number;
}

function ask(threads: number, isa: string, ...given: string[]): Answer {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program, ...given], {
    env: { ...process.env, ONEDNN_MAX_CPU_ISA: isa, TRIPLETLAB_THREADS: String(threads) },
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}

const tested = torchIsBuilt ? test : test.skip;

tested('gradients of weights: every number is right, with any instructions (needs npm run build:torch)', (t) => {
  for (const isa of process.arch === 'x64' ? ['sse41', 'AVX2', 'ALL'] : ['ALL']) {
    const { error } = ask(2, isa, 'errors');
    t.true(error < 2e-3, `${isa}: off by ${error}`);
  }
});

tested('gradients of weights: equal bits on any number of threads (needs npm run build:torch)', (t) => {
  const [one, ...others] = [1, 2, 3, 7].map((threads) => ask(threads, 'ALL').digest);
  t.deepEqual(others, [one, one, one]);
});
