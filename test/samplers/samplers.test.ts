import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { PythonRandom } from '../../src/random/python-random.js';
import { RandomStream } from '../../src/random/stream.js';
import { MPerClassSampler, InstanceSampler, TripletSampler } from '../../src/samplers/index.js';

interface ClassCase {
  training: number[];
  validation: number[];
  batch_size: number;
  per_class: number;
  epochs: { training: number[][]; evaluation: number[][] }[];
  next: number;
}
const golden = JSON.parse(readFileSync('test/golden/samplers.json', 'utf8')) as {
  classes: ClassCase[];
  triplets: { triplets: number[][]; batch_size: number; epochs: number[][][]; evaluation: number[][] };
};

const lists = (batches: readonly Int32Array[]) => batches.map((batch) => [...batch]);
const ascending = (values: Iterable<number>) => [...values].sort((a, b) => a - b);

/** Items of classes 1, 3, 5, ... with so many items each, training first. */
function classSet(training: readonly number[], validation: readonly number[], seed = 0) {
  const classes = [...training, ...validation].flatMap((count, c) => Array<number>(count).fill(2 * c + 1));
  const total = training.reduce((sum, count) => sum + count, 0);
  const test = Int32Array.from({ length: classes.length - total }, (_, i) => total + i);
  return {
    items: classes.map((c, index) => ({ file: null, class: c, index })),
    instances: { training: Int32Array.from({ length: total }, (_, i) => i), validation: test, test },
    random: new PythonRandom(seed),
  };
}

golden.classes.forEach(({ training, validation, batch_size, per_class, epochs, next }, i) => {
  test(`classes, case ${i + 1}: training, evaluation and next draws of the reference, epoch by epoch`, (t) => {
    const data = classSet(training, validation);
    const sampler = new MPerClassSampler(data, batch_size, per_class);
    t.is(sampler.trainingBatches, epochs[0].training.length);
    for (const epoch of epochs) {
      t.deepEqual(lists(sampler.trainingEpoch()), epoch.training);
      t.deepEqual(lists(sampler.evaluationEpoch()), epoch.evaluation);
    }
    t.is(data.random.getrandbits(32), next);
  });
});

test('triplets: order and batches of the reference', (t) => {
  const { triplets, batch_size, epochs, evaluation } = golden.triplets;
  const sampler = new TripletSampler(Int32Array.from(triplets.flat()), batch_size, new PythonRandom(0));
  t.is(sampler.trainingBatches, epochs[0].length);
  for (const epoch of epochs) t.deepEqual(lists(sampler.trainingEpoch()), epoch);
  t.deepEqual(lists(sampler.evaluationEpoch()), evaluation);
});

test('an order of evaluation before the first epoch moves no generator', (t) => {
  const data = classSet([3, 4], [5, 2, 6]);
  const before = data.random.state();
  const sampler = new MPerClassSampler(data, 4, 2);
  const batches = sampler.evaluationEpoch();
  t.deepEqual(data.random.state(), before);
  t.deepEqual(ascending(batches.flatMap((batch) => [...batch])), [...data.instances.validation]);
  t.deepEqual(lists(new MPerClassSampler(classSet([3, 4], [5, 2, 6], 9), 4, 2).evaluationEpoch()), lists(batches));
});

const counts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 });

test('class batches: full, of k different items a class but the last; evaluation has every item once, k in a run', (t) => {
  fc.assert(
    fc.property(
      counts,
      counts,
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(1000),
      (training, validation, batchSize, perClass, seed) => {
        const data = classSet(training, validation, seed);
        const sampler = new MPerClassSampler(data, batchSize, perClass);
        const batches = sampler.trainingEpoch();
        t.is(batches.length, Math.floor(data.instances.training.length / batchSize));
        const sizeOf = new Map(training.map((count, c) => [2 * c + 1, Math.min(perClass, count)]));
        const round = [...sizeOf.values()].reduce((sum, size) => sum + size, 0);
        for (const batch of batches) {
          t.is(batch.length, batchSize);
          for (let start = 0; start < batchSize; start += round) {
            // One way through all classes: each comes once, with all its items side by side, but for the cut at the end.
            const part = [...batch.subarray(start, start + round)];
            t.is(new Set(part).size, part.length);
            const runs: number[][] = [];
            for (const item of part) {
              const last = runs.at(-1);
              if (last !== undefined && data.items[last[0]].class === data.items[item].class) last.push(item);
              else runs.push([item]);
            }
            const seen = runs.map(([item]) => data.items[item].class);
            t.is(new Set(seen).size, seen.length);
            runs.slice(0, -1).forEach((run, i) => t.is(run.length, sizeOf.get(seen[i])!));
            t.true(runs[runs.length - 1].length <= sizeOf.get(seen[seen.length - 1])!);
            if (part.length === round) t.is(seen.length, training.length);
          }
        }
        const evaluation = sampler.evaluationEpoch();
        t.deepEqual(ascending(evaluation.flatMap((batch) => [...batch])), [...data.instances.validation]);
        for (const batch of evaluation.slice(0, -1)) t.is(batch.length, batchSize);
      },
    ),
    { numRuns: 60 },
  );
});

test('every item of a class is drawn in the end, about equally often', (t) => {
  const data = classSet([6, 6, 6, 6], [2, 2]);
  const sampler = new MPerClassSampler(data, 8, 2);
  const drawn = new Array<number>(24).fill(0);
  for (let epoch = 0; epoch < 500; epoch++)
    for (const batch of sampler.trainingEpoch()) for (const item of batch) drawn[item]++;
  // 12,000 draws: 500 each, deviation under 22.
  t.true(
    drawn.every((count) => Math.abs(count - 500) < 110),
    drawn.join(' '),
  );
});

test('instances: each once an epoch, in a new order, the last batch the rest; evaluation in order', (t) => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(500), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 25 }),
      fc.nat(1000),
      (items, batchSize, seed) => {
        const sampler = new InstanceSampler(Int32Array.from(items), batchSize, new RandomStream(seed, 'order'));
        const batches = sampler.trainingEpoch();
        t.is(batches.length, sampler.trainingBatches);
        t.is(batches.length, Math.ceil(items.length / batchSize));
        t.deepEqual(
          batches.map((batch) => batch.length),
          sampler.evaluationEpoch().map((batch) => batch.length),
        );
        t.deepEqual(ascending(batches.flatMap((batch) => [...batch])), ascending(items));
        t.deepEqual(
          sampler.evaluationEpoch().flatMap((batch) => [...batch]),
          items,
        );
      },
    ),
    { numRuns: 60 },
  );
  const sampler = new InstanceSampler(
    Int32Array.from({ length: 50 }, (_, i) => i),
    50,
    new RandomStream(0, 'order'),
  );
  t.notDeepEqual(lists(sampler.trainingEpoch()), lists(sampler.trainingEpoch()));
});

test('from a kept state the same epochs come again', (t) => {
  const data = classSet([5, 6, 7], [3, 4]);
  const samplers = [
    new MPerClassSampler(data, 6, 2),
    new InstanceSampler(data.instances.training, 4, new RandomStream(3, 'order')),
    new TripletSampler(
      Int32Array.from({ length: 60 }, (_, i) => i),
      12,
      new PythonRandom(1),
    ),
  ];
  for (const sampler of samplers) {
    sampler.trainingEpoch();
    const state = sampler.random.state();
    const [training, evaluation] = [lists(sampler.trainingEpoch()), lists(sampler.evaluationEpoch())];
    t.notDeepEqual(lists(sampler.trainingEpoch()), training);
    sampler.random.restore(state);
    t.deepEqual(lists(sampler.trainingEpoch()), training);
    t.deepEqual(lists(sampler.evaluationEpoch()), evaluation);
  }
});
