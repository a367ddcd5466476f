import * as tf from '../../src/tf.js';
import test from 'ava';
import { initialTable } from '../../src/teachers/psycho-table.js';
import { FusedTeachers } from '../../src/teachers/fused-teachers.js';
import type { TeacherSpecification } from '../../src/teachers/teacher-specification.js';
import { RandomStream } from '../../src/random/stream.js';
import { naiveTripletLoss } from '../losses/naive-triplets.js';
import type { BatchModels } from '../../src/training/teachers/batch-learner.js';
import { TensorTeachers } from '../../src/training/teachers/tensor-teachers.js';

// The plain JavaScript backend is the independent form: float32 operations one by one, gradients by tfjs.
test.before(async () => {
  await tf.setBackend('cpu');
});

const losses: Record<string, Record<string, number>> = {
  double_contrastive: { margin_positive: 0, margin_negative: 1 },
  triplet: { margin: 0.5 },
  double_margin: { margin: 0.2, beta: 1.2 },
  ste: { tau: 0.5 },
  double_multisimilarity: { margin: 0.5, alpha: 2, beta: 40 },
  soe: { margin: 1 },
  ckl: { mu: 1 },
};
const isFree = (loss: string): boolean => loss === 'soe' || loss === 'ckl';

interface Variation extends Partial<TeacherSpecification> {
  readonly teachers?: number;
}

function triplets(stream: RandomStream, count: number, items: number): Int32Array {
  const result = new Int32Array(3 * count);
  for (let t = 0; t < count; t++) result.set(stream.permutation(items).subarray(0, 3), 3 * t);
  return result;
}

/** A table as training leaves it: rows of length 5 or so, about a mean of their own. */
function spreadTable(stream: RandomStream, length: number): Float32Array {
  const table = new Float32Array(length);
  stream.fillNormal(table, 0.3, 1.5);
  return table;
}

function specification({ teachers = 1, ...changes }: Variation): TeacherSpecification {
  const numItems = changes.numItems ?? 40;
  const embeddingSize = changes.embeddingSize ?? 10;
  return {
    initial: Array.from({ length: teachers }, (_, i) =>
      changes.free
        ? spreadTable(new RandomStream(7, 'teacher', i), numItems * embeddingSize)
        : initialTable(new RandomStream(7, 'teacher', i), numItems, embeddingSize),
    ),
    numItems,
    embeddingSize,
    usedItems: Int32Array.from({ length: numItems }, (_, i) => i),
    maxTriplets: 64,
    directed: false,
    free: false,
    loss: 'ste',
    lossParameters: losses.ste,
    metric: 'FCT',
    optimizer: 'adam',
    learningRate: 0.01,
    weightDecay: 0,
    beta: 1e-6,
    trainPenalty: false,
    ...changes,
  };
}

/** Losses of some steps and of a validation batch, and the table at the end. */
async function course(learner: BatchModels<Int32Array>, batches: Int32Array[], validation: Int32Array) {
  const curve: number[][] = [];
  for (const batch of batches) curve.push([...(await learner.train(batch))]);
  const { loss, metric } = await learner.validate(validation);
  const tables = Array.from({ length: learner.models }, (_, i) => learner.parameters(i)['embedding_layer.weight'].data);
  return {
    curve: curve.flat(),
    loss: [...loss],
    metric: [...metric],
    table: tables.flatMap((data) => Array.from(data, Number)),
  };
}

const worst = (a: number[], b: number[]): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]) / (1 + Math.abs(b[i]))), 0);

for (const [loss, lossParameters] of Object.entries(losses))
  for (const directed of [false, true])
    for (const [mode, count] of [
      ['triplet by triplet', 64],
      ['all pairs first', 600],
    ] as const)
      test(`${loss}, ${directed ? 'directed' : 'undirected'}, ${mode}: the fused kernel follows the tensor form`, async (t) => {
        const spec = specification({ loss, lossParameters, directed, maxTriplets: count, free: isFree(loss) });
        const stream = new RandomStream(1, 'batches');
        const batches = Array.from({ length: 4 }, () => triplets(stream, count, spec.numItems));
        const validation = triplets(stream, 50, spec.numItems);
        const fused = FusedTeachers.create(spec, 1);
        const tensors = new TensorTeachers(spec);
        const a = await course(fused, batches, validation);
        const b = await course(tensors, batches, validation);
        t.true(worst(a.curve, b.curve) < 2e-6, `curve ${worst(a.curve, b.curve)}`);
        t.true(worst(a.loss, b.loss) < 2e-6);
        t.deepEqual(a.metric, b.metric);
        t.true(worst(a.table, b.table) < 2e-4, `table ${worst(a.table, b.table)}`); // Adam divides by tiny gradients' sizes
        await Promise.all([fused.dispose(), tensors.dispose()]);
      });

const switches: Record<string, Variation> = {
  'real regularization, Adam': { beta: 1e-3, weightDecay: 0.1, trainPenalty: true },
  'real regularization, AdamW': { beta: 1e-3, weightDecay: 0.1, trainPenalty: true, optimizer: 'adamw' },
  'the exact log-softmax where the clamp has no gradient': { lossParameters: { tau: 0.005, exact_log_softmax: 1 } },
  // tau .005 magnifies rounding 200 times, and decides on which side of the clamp a triplet falls
  'the clamped log-softmax at the same tau': { lossParameters: { tau: 0.005 }, learningRate: 1e-4 },
  'rows of a size that needs no padding': { embeddingSize: 16 },
  'a table of which most rows are never named': {
    numItems: 200,
    usedItems: Int32Array.from({ length: 40 }, (_, i) => 5 * i),
  },
  'three teachers': { teachers: 3 },
  'free rows with decay, Adam': { loss: 'soe', lossParameters: losses.soe, free: true, weightDecay: 0.1 },
  'free rows with decay, AdamW, three teachers': {
    loss: 'ckl',
    lossParameters: losses.ckl,
    free: true,
    weightDecay: 0.1,
    optimizer: 'adamw',
    teachers: 3,
  },
};
for (const [name, variation] of Object.entries(switches))
  test(`${name}: the fused kernel follows the tensor form`, async (t) => {
    const spec = specification(variation);
    const stream = new RandomStream(2, 'batches');
    const named = (batch: Int32Array): Int32Array => batch.map((i) => spec.usedItems[i]);
    const batches = Array.from({ length: 4 }, () => named(triplets(stream, 64, spec.usedItems.length)));
    const validation = named(triplets(stream, 50, spec.usedItems.length));
    const fused = FusedTeachers.create(spec, 2);
    const tensors = new TensorTeachers(spec);
    const a = await course(fused, batches, validation);
    const b = await course(tensors, batches, validation);
    t.true(worst(a.curve, b.curve) < 1e-5, `curve ${worst(a.curve, b.curve)}`);
    t.deepEqual(a.metric, b.metric);
    t.true(worst(a.table, b.table) < 5e-4, `table ${worst(a.table, b.table)}`);
    await Promise.all([fused.dispose(), tensors.dispose()]);
  });

/** The mean loss of triplets of rows as they are, in double precision. */
const naive = (spec: TeacherSpecification, table: readonly number[], batch: Int32Array): number =>
  naiveTripletLoss(
    spec.loss,
    spec.lossParameters,
    Array.from(batch, (i) => table.slice(i * spec.embeddingSize, (i + 1) * spec.embeddingSize)),
    spec.directed,
  );

for (const loss of ['soe', 'ckl'])
  for (const directed of [false, true])
    for (const count of [6, 60])
      test(`${loss}, ${directed ? 'directed' : 'undirected'}, ${count} triplets: both forms have the formula's value and, by finite differences, its gradient`, async (t) => {
        const sizes = { numItems: 9, embeddingSize: 3, maxTriplets: count, beta: 0 };
        const spec = specification({ loss, lossParameters: losses[loss], directed, free: true, ...sizes });
        const batch = triplets(new RandomStream(8, 'batch'), count, 9);
        const table = [...spec.initial[0]];
        const step = 1e-5;
        const expected = table.map(
          (x, i) =>
            (naive(spec, table.with(i, x + step), batch) - naive(spec, table.with(i, x - step), batch)) / (2 * step),
        );
        for (const learner of [FusedTeachers.create(spec, 1), new TensorTeachers(spec)]) {
          const [value] = await learner.train(batch);
          t.true(Math.abs(value - naive(spec, table, batch)) < 1e-5 * (1 + value), `${value}`);
          const moment = learner.state(0)['optimizer.exp_avg.embedding_layer.weight'].data; // (1 - beta1) gradient
          expected.forEach((x, i) => t.true(Math.abs(Number(moment[i]) / 0.1 - x) < 1e-4 * (1 + Math.abs(x)), `${i}`));
          await learner.dispose();
        }
      });

test('teachers learn together what they learn alone, on any number of threads, bit for bit', async (t) => {
  const stream = new RandomStream(3, 'batches');
  const together = specification({ teachers: 5 });
  const batches = Array.from({ length: 6 }, () => triplets(stream, 64, together.numItems));
  const run = async (spec: TeacherSpecification, threads: number): Promise<number[]> => {
    const learner = FusedTeachers.create(spec, threads);
    const { table } = await course(learner, batches, batches[0]);
    await learner.dispose();
    return table;
  };
  const alone: number[] = [];
  for (const initial of together.initial) alone.push(...(await run({ ...together, initial: [initial] }, 1)));
  t.deepEqual(await run(together, 1), alone);
  t.deepEqual(await run(together, 2), alone);
  t.deepEqual(await run(together, 3), alone);
});

test('a learner that takes up a state goes on bit for bit, and either form can take up the state of the other', async (t) => {
  const spec = specification({ teachers: 2 });
  const stream = new RandomStream(4, 'batches');
  const batches = Array.from({ length: 6 }, () => triplets(stream, 64, spec.numItems));
  const whole = FusedTeachers.create(spec, 1);
  const expected = await course(whole, batches, batches[0]);
  const first = FusedTeachers.create(spec, 1);
  await course(first, batches.slice(0, 3), batches[0]);
  const states = [first.state(0), first.state(1)];
  const second = FusedTeachers.create(specification({ teachers: 2 }), 1);
  const tensors = new TensorTeachers(spec);
  states.forEach((state, i) => {
    second.restore(i, state);
    tensors.restore(i, state);
  });
  t.deepEqual((await course(second, batches.slice(3), batches[0])).table, expected.table);
  const { table } = await course(tensors, batches.slice(3), batches[0]);
  t.true(worst(table, expected.table) < 1e-4);
  for (const learner of [whole, first, second, tensors]) await learner.dispose();
});

// Serial, and so before all others: tensors are counted for the whole process.
test.serial('the tensor form keeps the number of tensors', async (t) => {
  const spec = specification({ teachers: 2 });
  const batch = triplets(new RandomStream(5), 64, spec.numItems);
  const before = tf.memory().numTensors;
  const learner = new TensorTeachers(spec);
  await learner.train(batch);
  await learner.validate(batch);
  const settled = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) {
    await learner.train(batch);
    await learner.validate(batch);
  }
  t.is(tf.memory().numTensors, settled);
  await learner.dispose();
  t.is(tf.memory().numTensors, before);
});

test('an item without any positive weight stays at 0 and does not make the loss infinite', async (t) => {
  const dead = specification({ initial: [new Float32Array(400).fill(-0.1)] });
  const batch = triplets(new RandomStream(6), 64, 40);
  for (const learner of [FusedTeachers.create(dead, 1), new TensorTeachers(dead)]) {
    const { loss, metric } = await learner.validate(batch);
    t.true(Number.isFinite(loss[0]));
    t.is(metric[0], 0);
    await learner.train(batch);
    t.deepEqual(learner.parameters(0)['embedding_layer.weight'].data, dead.initial[0]);
    await learner.dispose();
  }
});
