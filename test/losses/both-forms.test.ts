import * as tf from '../../src/tf.js';
import test from 'ava';
import { FusedLoss } from '../../src/losses/kernels/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import type { EmbeddingLoss, Supervision } from '../../src/losses/index.js';
import { flat, forms, norm, relativeDifference, withClasses, withTeachers } from './forms.js';
import { classCases, distillationCases } from './parameters.js';
import { oneHotTeachers, randomRows, randomTeachers } from './rows.js';

test.before(async () => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
});

const [N, D] = [40, 24];
const rows = randomRows(N, D, 71);
const classes = Array.from({ length: N }, (_, i) => (i * 7) % 9);
const supervisions: Record<string, Supervision> = {
  'one teacher': withTeachers(randomTeachers(N, 1, 16, 72)),
  'five teachers, sparse': withTeachers(randomTeachers(N, 5, 3, 73)),
  'one-hot': withTeachers(oneHotTeachers(classes)),
};
const mined = { batch_mining: 'relaxed_sampling_matters' };
const all = [
  ...[...distillationCases, ['rkd', mined] as const, ['stmr', { tau: 5, beta: 0.5, ...mined }] as const].flatMap(
    ([name, p]) => Object.entries(supervisions).map(([kind, given]) => [name, p, kind, given] as const),
  ),
  ...[...classCases, ['sampling_matters', { margin: 0.2, beta: 1.2 }] as const].map(
    ([name, p]) => [name, p, 'classes', withClasses(classes)] as const,
  ),
];

for (const [name, p, kind, supervision] of all)
  test(`${name} ${Object.values(p).join(' ')}, ${kind}: forms agree at 40 rows and keep no tensor`, (t) => {
    const { tensors, fused } = forms(name, p);
    const call = (loss: EmbeddingLoss): { value: number; gradient: Float32Array } =>
      loss.valueAndGradient(flat(rows), N, D, supervision);
    const a = call(tensors);
    const before = tf.memory().numTensors;
    call(tensors);
    tensors.value(flat(rows), N, D, supervision);
    t.is(tf.memory().numTensors, before);
    t.true(norm(a.gradient) > 0);
    if (!fused) return;
    const b = call(fused);
    t.is(tf.memory().numTensors, before);
    t.true(Math.abs(a.value - b.value) <= 1e-6 + 1e-5 * Math.abs(a.value), `${a.value} and ${b.value}`);
    const off = relativeDifference(b.gradient, a.gradient);
    t.true(off < 1e-4, `gradients are ${off} apart`);
  });

test('one fused loss takes batches of any size, one after the other, and keeps its memory', (t) => {
  const loss = new FusedLoss('rkd', {});
  const sizes = [40, 7, 23, 1, 40];
  const results = sizes.map((n) => {
    const given = withTeachers(randomTeachers(n, 2, 5, 74));
    return loss.valueAndGradient(flat(randomRows(n, 6, 75)), n, 6, given);
  });
  t.is(results[4].value, results[0].value);
  t.deepEqual(results[4].gradient, results[0].gradient);
  sizes.forEach((n, i) => {
    const given = withTeachers(randomTeachers(n, 2, 5, 74));
    const alone = new FusedLoss('rkd', {}).valueAndGradient(flat(randomRows(n, 6, 75)), n, 6, given);
    t.deepEqual(results[i], alone);
  });
  const { bytes } = loss;
  loss.valueAndGradient(flat(randomRows(40, 6, 75)), 40, 6, withTeachers(randomTeachers(40, 2, 5, 74)));
  t.is(loss.bytes, bytes);
});

test('284 rows of 128 take some MiB: nothing of n^3 or n^2 d is held', (t) => {
  const [n, d] = [284, 128];
  const given = withTeachers(randomTeachers(n, 1, 16, 76));
  for (const [name, p] of distillationCases) {
    const loss = new FusedLoss(name, p);
    loss.valueAndGradient(flat(randomRows(n, d, 77)), n, d, given);
    t.true(loss.bytes < 8 * 2 ** 20, `${name}: ${loss.bytes} bytes`);
  }
});
