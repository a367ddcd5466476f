import * as tf from '../../src/tf.js';
import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { UsageError } from '../../src/errors.js';
import { makeClassLoss, makeDistillationLoss, tensorLoss } from '../../src/losses/index.js';
import { flat, forms, withClasses, withTeachers } from './forms.js';
import type { Rows, Teachers } from './naive.js';
import { classCases, distillationCases } from './parameters.js';
import { oneHotTeachers, randomRows, randomTeachers } from './rows.js';

test.before(async () => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
});

const mined = { batch_mining: 'relaxed_sampling_matters' };
const distillation = [
  ...distillationCases,
  ['rkd', mined] as const,
  ['stmr', { tau: 5, beta: 0.5, ...mined }] as const,
];
const onClasses = [...classCases, ['sampling_matters', { margin: 0.2, beta: 1.2 }] as const];

for (const n of [1, 2, 3])
  test(`a batch of ${n}: every value and gradient is finite, and forms agree`, (t) => {
    const rows = randomRows(n, 4, 81);
    for (const [name, p] of distillation)
      for (const teachers of [randomTeachers(n, 2, 3, 82), oneHotTeachers(Array.from({ length: n }, (_, i) => i % 2))])
        check(name, p, withTeachers(teachers));
    for (const [name, p] of onClasses) check(name, p, withClasses(Array.from({ length: n }, (_, i) => i >> 1)));

    function check(name: string, p: object, supervision: ReturnType<typeof withClasses>): void {
      const results = Object.entries(forms(name, p as Record<string, unknown>)).map(([form, loss]) => {
        const { value, gradient } = loss.valueAndGradient(flat(rows), n, 4, supervision);
        t.true(
          Number.isFinite(value) && gradient.every(Number.isFinite),
          `${form} ${name}: ${value} ${gradient.join()}`,
        );
        return value;
      });
      t.true(results.every((value) => Math.abs(value - results[0]) < 1e-5 * (1 + Math.abs(value))), `${name}: ${results.join()}`); // prettier-ignore
    }
  });

test('all embeddings equal, or all teachers: finite', (t) => {
  const [a, b] = [randomRows(1, 4, 83)[0], randomRows(9, 4, 84)];
  const collapsed = b.map(() => a);
  for (const [name, p] of distillation)
    for (const [rows, teachers] of [
      [collapsed, randomTeachers(9, 2, 3, 85)],
      [b, randomTeachers(9, 2, 3, 85).map((_, __, all) => all[0])],
      [collapsed, collapsed.map((row) => [row])],
    ] as (readonly [Rows, Teachers])[])
      for (const [form, loss] of Object.entries(forms(name, p))) {
        const { value, gradient } = loss.valueAndGradient(flat(rows), 9, 4, withTeachers(teachers));
        t.true(Number.isFinite(value) && gradient.every(Number.isFinite), `${form} ${name}: ${value}`);
      }
});

test('supervision that is not there or not as long is named', (t) => {
  const rows = flat(randomRows(6, 4, 86));
  for (const loss of Object.values(forms('mtt', { teacher_margin: 0, margin: 0.2 }))) {
    t.regex(
      refusal(() => loss.value(rows, 6, 4, {})),
      /^missing teachers' embeddings; /,
    );
    const five = withTeachers(randomTeachers(5, 2, 3, 87));
    t.regex(
      refusal(() => loss.value(rows, 6, 4, five)),
      /^invalid teachers' embeddings: 30 numbers; .* 6 x 2 x 3$/,
    );
  }
  for (const loss of Object.values(forms('facenet', { margin: 0.2 }))) {
    t.regex(
      refusal(() => loss.value(rows, 6, 4, { triplets: true })),
      /^missing classes; /,
    );
    t.regex(
      refusal(() => loss.value(rows, 6, 4, withClasses([1, 2]))),
      /^invalid classes: 2 for 6 rows; give one for each row/,
    );
  }
  const triplet = tensorLoss('triplet', { margin: 0.5 }, true);
  t.regex(
    refusal(() => triplet.value(rows.subarray(0, 20), 5, 4, { triplets: true })),
    /^invalid batch: 5 rows; /,
  );

  function refusal(call: () => void): string {
    return t.throws(call, { instanceOf: UsageError })!.message;
  }
});

test('unknown names, weights and miners are named; a loss that draws wants a stream', (t) => {
  const message = (call: () => void): string => t.throws(call, { instanceOf: UsageError })!.message;
  t.is(message(() => makeDistillationLoss('rdk', {})), 'unknown loss_type: rdk; did you mean rkd?'); // prettier-ignore
  t.is(message(() => makeClassLoss('facenett', {})), 'unknown loss_type: facenett; did you mean facenet?'); // prettier-ignore
  t.is(message(() => tensorLoss('tripet', {}, false)), 'unknown loss_type: tripet; did you mean triplet?'); // prettier-ignore
  const weights = { margin: 0.5, tau: 0.25, triplet_weight_type: 'from_source_triples' };
  t.regex(message(() => makeDistillationLoss('relaxed_facenet', weights)), /^unknown triplet_weight_type: from_source_triples; /); // prettier-ignore
  const squared = { ...weights, triplet_weight_type: 'from_source_pairs2' };
  t.regex(message(() => makeDistillationLoss('relaxed_triplet', squared)), /^invalid triplet_weight_type: from_source_pairs2; /); // prettier-ignore
  t.regex(message(() => makeDistillationLoss('rkd', { batch_mining: 'relaxed_sampling' })), /^unknown batch_mining: relaxed_sampling; /); // prettier-ignore
  t.regex(
    message(() => makeDistillationLoss('rkd', mined)),
    /^missing random stream; /,
  );
  t.regex(
    message(() => makeClassLoss('sampling_matters', { margin: 0.2, beta: 1.2 })),
    /^missing random stream; /,
  );
});

test('a distillation loss is differentiable inside other operations', (t) => {
  const teachers = randomTeachers(6, 1, 3, 88);
  const loss = makeDistillationLoss('stmr', { tau: 5, beta: 0.5 });
  const f = (x: tf.Tensor): tf.Tensor =>
    tf.mul(3, loss(tf.mul(x, 2) as tf.Tensor2D, tf.tensor3d(teachers as number[][][])));
  const rows = tf.tensor2d(randomRows(6, 4, 89));
  const outer = tf.grad(f)(rows).dataSync();
  const inner = tf
    .grad((x) => loss(x as tf.Tensor2D, tf.tensor3d(teachers as number[][][])))(tf.mul(rows, 2))
    .dataSync();
  outer.forEach((x, i) => {
    t.true(Math.abs(x - 6 * inner[i]) < 1e-6);
  });
});
