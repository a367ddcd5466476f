import * as tf from '../../src/tf.js';
import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { zeroNegligible, withoutDenormalGradients } from '../../src/training/images/denormal-gradients.js';

const SMALLEST_NORMAL = 2 ** -126; // of float32

test('what cannot be seen beside the largest number becomes 0, all else stays as it is', (t) => {
  const kept = [1, -0.5, 1e-19, -3e-20, 0];
  const gradient = Float32Array.of(...kept, 1e-21, -1e-30, SMALLEST_NORMAL / 4);
  t.deepEqual([...zeroNegligible(gradient)], [...Float32Array.of(...kept), 0, 0, 0]);
  t.deepEqual([...zeroNegligible(Float32Array.of(1e-30, 1e-31))], [...Float32Array.of(1e-30, 1e-31)]);
  t.deepEqual([...zeroNegligible(new Float32Array(2))], [0, 0]);
});

test('a loss keeps its value, and its gradient but for traces, at embeddings and as tensor operations', async (t) => {
  await chooseEngine({ useGpu: false });
  // a softmax at a low temperature: similarities .4 apart at .005 leave exp(-80)
  const ofTensor = (embeddings: tf.Tensor2D): tf.Scalar =>
    tf.neg(tf.sum(tf.slice(tf.logSoftmax(tf.div(embeddings, 0.005)), [0, 0], [2, 1])));
  const values = [0.9, 0.5, 0.7, 0.3, 0.31, 0.29];
  const gradientOf = (f: typeof ofTensor): Float32Array =>
    tf.tidy(() =>
      tf
        .grad((x) => f(x as tf.Tensor2D))(tf.tensor2d(values, [2, 3]))
        .dataSync<'float32'>()
        .slice(),
    );
  const plain = gradientOf(ofTensor);
  const at = () => ({ value: 7, gradient: plain.slice() });
  const loss = withoutDenormalGradients({ at, ofTensor });
  const most = Math.max(...plain.map(Math.abs));
  const expected = plain.map((value) => (Math.abs(value) < 1e-20 * most ? 0 : value));
  t.true(
    plain.some((value, i) => value !== expected[i]),
    'the plain gradient has traces',
  );
  t.deepEqual(gradientOf(loss.ofTensor!), expected);
  t.deepEqual(loss.at(Float32Array.from(values), 2, 3), { value: 7, gradient: expected });
  t.is(withoutDenormalGradients({ at }).ofTensor, undefined);
});
