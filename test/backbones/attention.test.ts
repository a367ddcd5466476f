import test from 'ava';
import { attention } from '../../src/backbones/layers/attention.js';
import { chooseEngine } from '../../src/engine/index.js';
import { RandomStream } from '../../src/random/stream.js';
import * as tf from '../../src/tf.js';
import { testedEngines } from '../engine/tested-engines.js';

const random = (length: number, name: string): Float32Array => {
  const stream = new RandomStream(0, 'test', name);
  return Float32Array.from({ length }, () => 4 * stream.uniform() - 2);
};

interface Sizes {
  readonly batch: number;
  readonly rows: number;
  readonly heads: number;
  readonly size: number;
}

/** The sum of weight y over all numbers of the attention, in double precision, head by head and row by row. */
function naive(qkv: Float64Array, weight: Float32Array, { batch, rows, heads, size }: Sizes): number {
  let total = 0;
  const at = (b: number, row: number, part: number, head: number, i: number): number =>
    qkv[((b * rows + row) * 3 * heads + part * heads + head) * size + i];
  for (let b = 0; b < batch; b++)
    for (let head = 0; head < heads; head++)
      for (let row = 0; row < rows; row++) {
        const powers = Array.from({ length: rows }, (_, other) => {
          let product = 0;
          for (let i = 0; i < size; i++) product += at(b, row, 0, head, i) * at(b, other, 1, head, i);
          return Math.exp(product / Math.sqrt(size));
        });
        const sum = powers.reduce((all, power) => all + power, 0);
        for (let i = 0; i < size; i++) {
          const y = powers.reduce((all, power, other) => all + power * at(b, other, 2, head, i), 0) / sum;
          total += y * weight[((b * rows + row) * heads + head) * size + i];
        }
      }
  return total;
}

const cases: readonly Sizes[] = [
  { batch: 2, rows: 5, heads: 3, size: 7 },
  { batch: 1, rows: 8, heads: 2, size: 8 },
  { batch: 3, rows: 1, heads: 1, size: 1 },
  { batch: 1, rows: 9, heads: 1, size: 12 },
];

for (const engine of testedEngines)
  test.serial(`attention and its gradient are those of the formula, on ${engine}`, async (t) => {
    await chooseEngine({ useGpu: true, engine });
    for (const sizes of cases) {
      const { batch, rows, heads, size } = sizes;
      const values = random(batch * rows * 3 * heads * size, 'qkv');
      const weight = random(batch * rows * heads * size, 'weight');
      const sumOf = (qkv: tf.Tensor2D) =>
        tf.sum(tf.mul(attention(qkv, batch, heads), tf.tensor2d(weight, [batch * rows, heads * size]))) as tf.Scalar;
      const before = tf.memory().numTensors;
      const { value, grad } = tf.valueAndGrad((x) => sumOf(x as tf.Tensor2D))(
        tf.tensor2d(values, [batch * rows, 3 * heads * size]),
      );
      const exact = Float64Array.from(values);
      const expected = naive(exact, weight, sizes);
      t.true(Math.abs((await value.data())[0] - expected) < 2e-5 * (1 + Math.abs(expected)));
      const gradient = await grad.data();
      for (let i = 0; i < values.length; i += 1) {
        const shifted = (by: number): number => {
          const changed = exact.slice();
          changed[i] += by;
          return naive(changed, weight, sizes);
        };
        const slope = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
        if (Math.abs(gradient[i] - slope) > 3e-5)
          t.fail(`${JSON.stringify(sizes)}, ${i}: ${gradient[i]}, not ${slope}`);
      }
      tf.dispose([value, grad]);
      t.is(tf.memory().numTensors, before + 1); // the operand
    }
    t.pass();
  });
