import * as tf from '../../../src/tf.js';
import test from 'ava';
import { chooseEngine } from '../../../src/engine/index.js';
import { checkGradients, compareEngines, numbers, tensorOf } from './compare.js';

const ids = (...values: number[]) => tf.tensor1d(values, 'int32');

test.serial('segment sums and the gradient of gathering agree with plain JavaScript', async (t) => {
  const segments = (x: tf.Tensor) => tf.unsortedSegmentSum(x as tf.Tensor2D, ids(0, 3, 0, 2, 3), 5);
  await compareEngines(t, 'rows', segments, [numbers([5, 3], 'x')]);
  await compareEngines(t, 'numbers', segments, [numbers([5], 'x')]);
  await compareEngines(t, 'matrices', segments, [numbers([5, 2, 3], 'x')]);
  for (const axis of [0, 1, 2])
    await compareEngines(t, `gather ${axis}`, (x) => tf.gather(x, ids(1, 1, 0, 2), axis), [numbers([3, 4, 5], 'x')]);
});

test.serial('ids without a segment are left out', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  tf.tidy(() => {
    const sums = tf.unsortedSegmentSum(tf.tensor2d([[1, 2], [3, 4], [5, 6]]), ids(1, -1, 7), 3); // prettier-ignore
    t.deepEqual(sums.arraySync(), [[0, 0], [1, 2], [0, 0]]); // prettier-ignore
  });
});

test.serial('gradients of gathering agree with differences', async (t) => {
  await checkGradients(t, 'gather', (x) => tf.gather(x, ids(4, 0, 4, 2)), [numbers([6, 3], 'x')]);
});

// Without those that plain JavaScript itself gets wrong: a letter of one operand alone that is summed over.
const equations: [string, ...number[][]][] = [
  ['ij,jk->ik', [3, 4], [4, 5]],
  ['ij,kj->ik', [3, 4], [5, 4]],
  ['ji,jk->ik', [4, 3], [4, 5]],
  ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
  ['bhid,bhjd->bhij', [2, 3, 4, 5], [2, 3, 6, 5]],
  ['bihd,bjhd->bhij', [2, 4, 3, 5], [2, 6, 3, 5]],
  ['bhij,bjhd->bihd', [2, 3, 4, 6], [2, 6, 3, 5]],
  ['i,j->ij', [3], [4]],
  ['bi,bi->b', [3, 5], [3, 5]],
  ['ijk,jl->il', [3, 4, 2], [4, 5]],
  ['ij,ij->ij', [3, 4], [3, 4]],
  ['ij->ji', [3, 4]],
  ['ijk->kj', [3, 4, 2]],
];

test.serial('einsum agrees with plain JavaScript, its gradients too', async (t) => {
  for (const [equation, ...shapes] of equations) {
    const inputs = shapes.map((shape, i) => numbers(shape, `x${i}`));
    await compareEngines(t, equation, (...x) => tf.einsum(equation, ...x), inputs);
  }
});

test.serial('gradients of einsum agree with differences', async (t) => {
  for (const [equation, ...shapes] of equations) {
    const inputs = shapes.map((shape, i) => numbers(shape, `x${i}`));
    await checkGradients(t, equation, (...x) => tf.einsum(equation, ...x), inputs);
  }
});

test.serial('segment sums and einsum leave no tensor behind', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const backend = tf.backend() as unknown as { numDataIds(): number };
  for (const [equation, ...shapes] of equations) {
    const inputs = shapes.map((shape, i) => tensorOf(numbers(shape, `x${i}`)));
    const before = [tf.memory().numTensors, backend.numDataIds()];
    tf.einsum(equation, ...inputs).dispose();
    tf.dispose(tf.grads((...x: tf.Tensor[]) => tf.sum(tf.einsum(equation, ...x)))(inputs));
    t.deepEqual([tf.memory().numTensors, backend.numDataIds()], before, equation);
    tf.dispose(inputs);
  }
});
