import test from 'ava';
import { makeDataset, makeTripletDataset } from '../../src/datasets/index.js';
import { UsageError } from '../../src/errors.js';

const section = {
  name: 'SyntheticTImg',
  raw_data_directory_name: null,
  data_directory_name: null,
  version: 'direct',
  num_items: 40,
  num_triplets: 2000,
  batch_size: 30,
} as const;

test('a subset of the training triplets is the first of them; all else is as it was', (t) => {
  const whole = makeTripletDataset(section);
  const some = makeTripletDataset({ ...section, num_training_triplets: 17 });
  t.deepEqual(some.triplets.training, whole.triplets.training.slice(0, 51));
  for (const subset of ['validation', 'test'] as const) t.deepEqual(some.triplets[subset], whole.triplets[subset]);
  t.deepEqual(some.instances, whole.instances);
  t.deepEqual(some.random.state(), whole.random.state());
  const all = whole.facts.counts['training'];
  t.is(some.facts.counts['training'], 17);
  t.true(some.facts.notes.includes(`trained on the first 17 of ${all} training triplets`));
  t.deepEqual(makeDataset({ ...section, num_training_triplets: 17 }).facts, some.facts);
});

test('more than there are is refused in one line', (t) => {
  const all = makeTripletDataset(section).facts.counts['training'];
  const { message } = t.throws(() => makeTripletDataset({ ...section, num_training_triplets: all + 1 }), {
    instanceOf: UsageError,
  });
  t.is(
    message,
    `invalid dataset.num_training_triplets: ${all + 1}; the training subset of SyntheticTImg has ${all} triplets`,
  );
});
