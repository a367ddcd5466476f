import * as tf from '../../../src/tf.js';
import test from 'ava';
import fc from 'fast-check';
import { chooseEngine } from '../../../src/engine/index.js';
import {
  checkGradients,
  compareEngines,
  difference,
  numbers,
  tensorOf,
  valueAndGradients,
  type Numbers,
} from './compare.js';
import { fastEngines, testedEngines } from '../tested-engines.js';

const product = (transposeA: boolean, transposeB: boolean) => (a: tf.Tensor, b: tf.Tensor) =>
  tf.matMul(a, b, transposeA, transposeB);

const operands = (m: number, k: number, n: number, transposeA: boolean, transposeB: boolean, batch: number[] = []) => [
  numbers([...batch, ...(transposeA ? [k, m] : [m, k])], 'a'),
  numbers([...batch, ...(transposeB ? [n, k] : [k, n])], 'b'),
];

test.serial('matMul and its gradients agree with plain JavaScript, for all transposes and odd sizes', async (t) => {
  const sizes = [[1, 1, 1], [5, 3, 9], [4, 8, 8], [33, 70, 17], [130, 700, 19], [3, 1300, 530]]; // prettier-ignore
  for (const [m, k, n] of sizes)
    for (const transposeA of [false, true])
      for (const transposeB of [false, true]) {
        const label = `${m} x ${k} x ${n}, ${transposeA}, ${transposeB}`;
        const inputs = operands(m, k, n, transposeA, transposeB);
        const engines = m * k * n < 1e5 ? testedEngines : fastEngines;
        await compareEngines(t, label, product(transposeA, transposeB), inputs, { engines });
      }
});

test.serial('batched matMul and its gradients agree with plain JavaScript', async (t) => {
  for (const batch of [[1], [3], [2, 3]])
    for (const transposeA of [false, true])
      for (const transposeB of [false, true]) {
        const label = `${batch.join()} of 7 x 6 x 10, ${transposeA}, ${transposeB}`;
        await compareEngines(
          t,
          label,
          product(transposeA, transposeB),
          operands(7, 6, 10, transposeA, transposeB, batch),
        );
      }
});

test.serial('matMul of any sizes agrees with sums over k', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(size, size, size, fc.boolean(), fc.boolean(), (m, k, n, transposeA, transposeB) => {
      const [a, b] = operands(m, k, n, transposeA, transposeB);
      const values = new Float32Array(m * n);
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++)
          for (let l = 0; l < k; l++)
            values[i * n + j] +=
              a.values[transposeA ? l * m + i : i * k + l] * b.values[transposeB ? j * k + l : l * n + j];
      const [actual] = valueAndGradients(product(transposeA, transposeB), [a, b], false);
      return difference(actual, { shape: [m, n], values }) < 2e-6;
    }),
    { numRuns: 60 },
  );
  t.pass();
});

test.serial('matMul broadcasts batches', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const a = numbers([2, 1, 3, 4], 'a');
  const b = numbers([3, 4, 5], 'b');
  const [actual] = valueAndGradients((x, y) => tf.matMul(x, y), [a, b], false);
  const values = new Float32Array(2 * 3 * 3 * 5);
  for (let p = 0; p < 2; p++)
    for (let q = 0; q < 3; q++)
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 5; j++)
          for (let l = 0; l < 4; l++)
            values[((p * 3 + q) * 3 + i) * 5 + j] += a.values[(p * 3 + i) * 4 + l] * b.values[(q * 4 + l) * 5 + j];
  t.true(difference(actual, { shape: [2, 3, 3, 5], values }) < 1e-6);
});

test.serial('matMul with a matrix that was used before under another shape', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  tf.tidy(() => {
    const w = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    t.deepEqual(tf.matMul(tf.ones([1, 2]), w).arraySync(), [[5, 7, 9]]);
    t.deepEqual(tf.matMul(tf.ones([1, 3]), w.reshape([3, 2])).arraySync(), [[9, 12]]);
  });
});

test.serial('matMul over nothing is zero, of nothing is empty', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  tf.tidy(() => {
    t.deepEqual(tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])).arraySync(), [[0, 0, 0], [0, 0, 0]]); // prettier-ignore
    t.deepEqual(tf.matMul(tf.zeros([0, 4]), tf.zeros([4, 3])).shape, [0, 3]);
    t.throws(() => tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 2])), { message: /inner/i });
  });
});

test.serial('infinities and NaN come through', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  tf.tidy(() => {
    const product = tf.matMul(tf.tensor2d([[1, NaN], [Infinity, 1]]), tf.tensor2d([[1, 0], [1, 1]])); // prettier-ignore
    t.deepEqual(product.arraySync(), [[NaN, NaN], [Infinity, NaN]]); // prettier-ignore
  });
});

test.serial('fused matMul agrees with plain JavaScript', async (t) => {
  const [a, b] = operands(6, 5, 9, false, false);
  const bias = numbers([9], 'bias');
  for (const activation of ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const) {
    const fused = (x: tf.Tensor, y: tf.Tensor, z: tf.Tensor) =>
      tf.fused.matMul({ a: x as tf.Tensor2D, b: y as tf.Tensor2D, bias: z, activation, leakyreluAlpha: 0.3 });
    await compareEngines(t, activation, fused, [a, b, bias], {
      gradients: activation === 'linear' || activation === 'relu',
    });
  }
  const transposed = (x: tf.Tensor, y: tf.Tensor) =>
    tf.fused.matMul({ a: x as tf.Tensor2D, b: y as tf.Tensor2D, transposeA: true, transposeB: true });
  await compareEngines(t, 'transposed', transposed, operands(6, 5, 9, true, true), { gradients: false });
});

test.serial('gradients of matMul agree with differences', async (t) => {
  for (const transposeA of [false, true])
    for (const transposeB of [false, true]) {
      const inputs: Numbers[] = operands(5, 9, 7, transposeA, transposeB, [2]);
      await checkGradients(t, `${transposeA}, ${transposeB}`, product(transposeA, transposeB), inputs);
    }
});

test.serial('matMul leaves no tensor and no memory behind', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const a = tensorOf(numbers([300, 200], 'a'));
  const b = tensorOf(numbers([200, 100], 'b'));
  const backend = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array }; numDataIds(): number };
  const step = () => {
    tf.matMul(a, b).dispose();
    tf.matMul(b, a, true, true).dispose();
  };
  step();
  const before = [tf.memory().numTensors, backend.numDataIds(), backend.wasm.HEAPU8.length];
  for (let i = 0; i < 200; i++) step();
  t.deepEqual([tf.memory().numTensors, backend.numDataIds(), backend.wasm.HEAPU8.length], before);
  tf.dispose([a, b]);
});
