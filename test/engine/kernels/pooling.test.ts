import * as tf from '../../../src/tf.js';
import test from 'ava';
import { chooseEngine } from '../../../src/engine/index.js';
import { RandomStream } from '../../../src/random/stream.js';
import { checkGradients, compareEngines, numbers, tensorOf, type Numbers } from './compare.js';
import { enginesOfCase } from '../tested-engines.js';

type Pad = 'same' | 'valid' | number;
type Rounding = 'floor' | 'ceil' | undefined;
type Pool = 'maxPool' | 'avgPool';

const pool =
  (name: Pool, size: number | [number, number], stride: number, pad: Pad, rounding?: Rounding) => (x: tf.Tensor) =>
    tf[name](x as tf.Tensor4D, size, stride, pad, rounding);

const cases: [number | [number, number], number, Pad, Rounding][] = [
  [2, 2, 'valid', undefined],
  [3, 2, 'same', undefined],
  [3, 1, 'same', undefined],
  [3, 1, 1, 'floor'],
  [3, 2, 1, 'floor'],
  [3, 2, 0, 'ceil'],
  [2, 2, 0, 'ceil'],
  [3, 2, 1, 'ceil'],
  [[3, 2], 2, 'same', undefined],
  [1, 1, 'valid', undefined],
  [1, 2, 'same', undefined],
];

/** Different numbers, at least 1 apart, of both signs: no step of differences changes which is the largest. */
function apart(shape: number[]): Numbers {
  const size = tf.util.sizeFromShape(shape);
  const order = new RandomStream(0, 'test', 'pooling').permutation(size);
  return { shape, values: Float32Array.from(order, (value) => value - size / 2) };
}

test.serial('pooling agrees with plain JavaScript', async (t) => {
  let at = 0;
  for (const name of ['maxPool', 'avgPool'] as const)
    for (const [size, stride, pad, rounding] of cases)
      for (const shape of [
        [2, 7, 8, 3],
        [1, 8, 7, 5],
        [2, 5, 5, 1],
      ])
        // prettier-ignore
        for (const [low, high] of [[-1, 1], [-3, -2]]) { // prettier-ignore
          const label = `${name} ${size} ${stride} ${pad} ${rounding} of ${shape.join()}`;
          const x = numbers(shape, 'x', low, high);
          await compareEngines(t, label, pool(name, size, stride, pad, rounding), [x], {
            gradients: false,
            engines: enginesOfCase(at++),
          });
        }
});

test.serial('gradients of maximum pooling agree with plain JavaScript where that is right', async (t) => {
  for (const [size, stride, pad, rounding] of cases.filter(([, , , r]) => r !== 'ceil')) {
    const f = pool('maxPool', size, stride, pad, rounding);
    await compareEngines(t, `${size} ${stride} ${pad}`, f, [numbers([2, 7, 8, 3], 'x', -3, 1)]);
  }
});

test.serial('gradients of pooling agree with differences', async (t) => {
  for (const name of ['maxPool', 'avgPool'] as const)
    for (const [size, stride, pad, rounding] of cases) {
      const f = pool(name, size, stride, pad, rounding);
      await checkGradients(t, `${name} ${size} ${stride} ${pad} ${rounding}`, f, [apart([2, 6, 7, 2])], { step: 0.25 });
    }
});

test.serial('of equal values the first gets the gradient, of negative ones too', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  tf.tidy(() => {
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(pool('maxPool', 2, 2, 'valid')(x)));
    t.deepEqual([...gradient(tf.ones([1, 2, 2, 1])).dataSync()], [1, 0, 0, 0]);
    t.deepEqual([...gradient(tf.tensor4d([-4, -2, -3, -2], [1, 2, 2, 1])).dataSync()], [0, 1, 0, 0]);
  });
});

test.serial('pooling leaves no tensor behind', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const x = tensorOf(numbers([2, 9, 9, 4], 'x'));
  const backend = tf.backend() as unknown as { numDataIds(): number };
  const before = [tf.memory().numTensors, backend.numDataIds()];
  for (const name of ['maxPool', 'avgPool'] as const)
    for (const size of [1, 3]) tf.grad((y: tf.Tensor) => tf.sum(pool(name, size, 2, 'same')(y)))(x).dispose();
  t.deepEqual([tf.memory().numTensors, backend.numDataIds()], before);
  x.dispose();
});
