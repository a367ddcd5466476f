import test from 'ava';
import { check, distillationLosses, register, tripletLosses, type OwnLoss } from '../../src/losses/index.js';
import * as tf from '../../src/tf.js';

const rkd = distillationLosses.rkd({}, undefined);
const loss = (name: string, of: OwnLoss['loss'], supervision: OwnLoss['supervision'] = 'teachers'): OwnLoss => ({
  name,
  supervision,
  loss: of,
});

test('the losses of the paper pass', async (t) => {
  const sound = { problems: [], notes: [] };
  t.deepEqual(await check(loss('good_rkd', (e, { teachers }) => rkd(e, teachers))), sound);
  const ste = tripletLosses.ste({ tau: 0.5 }, true);
  t.deepEqual(await check(loss('good_ste', (e) => ste(e) as tf.Scalar, 'triplets')), sound);
});

const wrongGradient = tf.customGrad((x) => ({
  value: tf.mean(tf.square(x as tf.Tensor)),
  gradFunc: () => tf.onesLike(x as tf.Tensor),
}));
let calls = 0;
const faults: [string, OwnLoss['loss'], RegExp][] = [
  ['a wrong gradient', (e) => wrongGradient(e), /^its gradient is wrong: along a random direction/],
  ['no gradient', (e) => tf.tensor(e.dataSync()).mean(), /^it has no gradient/],
  [
    'tensors that it keeps',
    (e) => (tf.keep(tf.ones([3])), tf.mean(tf.square(e))),
    /^it keeps \d+ tensors at each call/,
  ],
  [
    'another value each time',
    (e) => tf.mul(++calls, tf.mean(tf.square(e))),
    /^it gives another value for the same batch/,
  ],
  [
    'NaN for equal rows',
    (e) =>
      tf.mean(
        tf.div(
          e,
          tf
            .sub(e, tf.slice(e, [0, 0], [1, -1]))
            .abs()
            .sum(),
        ),
      ),
    /equal rows; guard divisions/,
  ],
];
for (const [name, of, line] of faults)
  test(`a loss with ${name} is told from a sound one`, async (t) => {
    const { problems } = await check(loss(`bad_${faults.findIndex(([other]) => other === name)}`, of));
    t.true(
      problems.some((problem) => line.test(problem)),
      problems.join('\n'),
    );
  });

test('what may be meant is noted', async (t) => {
  const { problems, notes } = await check(loss('first_axis', (e) => tf.mean(tf.square(tf.slice(e, [0, 0], [-1, 1])))));
  t.deepEqual([problems, notes], [[], ['it changes when all rows are rotated alike']]);
});

test('a loss that is none is refused', (t) => {
  t.throws(
    () => {
      register({ name: 'x', supervision: 'teachers' } as never);
    },
    { message: /member loss must be a function/ },
  );
  t.throws(
    () => {
      register(loss('x', (e) => tf.mean(e), 'pairs' as never));
    },
    { message: /^invalid supervision of loss x: pairs/ },
  );
});
