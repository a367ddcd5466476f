import test from 'ava';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { torchIsBuilt } from '../torch-is-built.js';

const built = (path: string): string => JSON.stringify(pathToFileURL(resolve('dist', path)).href);

/** The greatest errors of convolutions and their gradients, at every 37th place, by sums of products in plain JavaScript. */
const program = `
  const { chooseEngine } = await import(${built('engine/index.js')});
  const tf = await import(${built('tf.js')});
  await chooseEngine({ useGpu: false, engine: 'torch-cpu' });
  const errors = {};
  const numbers = (shape, of) => tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, at) => of(at)), shape);
  const greatest = (tensor, expected) => {
    const [values, shape] = [tensor.dataSync(), tensor.shape];
    let error = 0;
    for (let at = 0; at < values.length; at += 37) {
      let rest = at;
      const place = shape.map((_, axis) => {
        const size = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
        const index = Math.floor(rest / size);
        rest -= index * size;
        return index;
      });
      error = Math.max(error, Math.abs(values[at] - expected(...place)));
    }
    return error;
  };
  for (const [height, width, inputs, outputs, size, stride, pad] of [
    [9, 7, 20, 24, 3, 1, 'same'], [24, 23, 20, 17, 3, 1, 'same'], [23, 24, 33, 70, 3, 2, 'same'], [9, 9, 20, 24, 3, 2, 1],
    [9, 11, 24, 20, 3, 1, 'valid'], [12, 9, 24, 20, 5, 3, 'same'], [8, 8, 16, 16, 2, 3, 'valid'], [9, 8, 20, 24, 4, 2, 2],
    [9, 9, 40, 24, 1, 1, 'same'], [33, 32, 40, 66, 1, 1, 'valid'], [9, 8, 40, 24, 1, 2, 'same'], [40, 41, 40, 24, 1, 2, 'same'],
    [12, 12, 3, 20, 7, 2, 'same'], [2, 300, 17, 18, 3, 1, 'same'], [3, 530, 16, 33, 3, 2, 'same'], [50, 49, 18, 16, 3, 1, 'same'],
  ]) {
    const [batch, name] = [3, [height, width, inputs, outputs, size, stride, pad].join(' ')];
    const [x, w] = [numbers([batch, height, width, inputs], (at) => Math.sin(at * at)), numbers([size, size, inputs, outputs], (at) => Math.cos(3 * at * at))];
    const attributes = { strides: stride, pad, dataFormat: 'NHWC' };
    const y = tf.conv2d(x, w, stride, pad);
    const [, p, q] = y.shape;
    const dy = numbers(y.shape, (at) => Math.sin(1 + 2 * at * at));
    const dx = tf.engine().runKernel('Conv2DBackpropInput', { dy, filter: w }, { ...attributes, inputShape: x.shape });
    const dw = tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: w.shape });
    const around = (inside, outside) => pad === 'same' ? Math.floor(Math.max(0, (outside - 1) * stride + size - inside) / 2) : pad === 'valid' ? 0 : pad;
    const [top, left] = [around(height, p), around(width, q)];
    const [X, W, D] = [x, w, dy].map((tensor) => tensor.dataSync());
    const xAt = (n, i, j, c) => i < 0 || j < 0 || i >= height || j >= width ? 0 : X[((n * height + i) * width + j) * inputs + c];
    const wAt = (u, v, c, o) => W[((u * size + v) * inputs + c) * outputs + o];
    const dAt = (n, i, j, o) => i < 0 || j < 0 || i >= p || j >= q || i % 1 || j % 1 ? 0 : D[((n * p + i) * q + j) * outputs + o];
    const sum = (counts, of) => {
      let [total, at] = [0, 0];
      const all = counts.reduce((a, b) => a * b);
      for (; at < all; at++) total += of(Math.floor(at / counts[1] / counts[2]), Math.floor(at / counts[2]) % counts[1], at % counts[2]);
      return total;
    };
    errors[name] = Math.max(
      greatest(y, (n, i, j, o) => sum([size, size, inputs], (u, v, c) => xAt(n, stride * i + u - top, stride * j + v - left, c) * wAt(u, v, c, o))),
      greatest(dx, (n, i, j, c) => sum([size, size, outputs], (u, v, o) => dAt(n, (i + top - u) / stride, (j + left - v) / stride, o) * wAt(u, v, c, o))),
      greatest(dw, (u, v, c, o) => sum([batch, p, q], (n, i, j) => xAt(n, stride * i + u - top, stride * j + v - left, c) * dAt(n, i, j, o))),
    );
  }
  console.log(JSON.stringify(errors));`;

const tested = torchIsBuilt ? test : test.skip;

for (const isa of process.arch === 'x64' ? ['SSE41', 'AVX2', 'ALL'] : ['ALL'])
  tested(`convolutions and their gradients are right where oneDNN may use ${isa} (needs npm run build:torch)`, (t) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, ONEDNN_MAX_CPU_ISA: isa },
      encoding: 'utf8',
    });
    t.not(stdout, '', stderr);
    const errors = Object.entries(JSON.parse(stdout) as Record<string, number>);
    t.is(errors.length, 16);
    for (const [shape, error] of errors) t.true(error < 1e-3, `${shape}: off by ${error}`);
  });
