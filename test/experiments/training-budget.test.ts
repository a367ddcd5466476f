import test from 'ava';
import { trainingBudget } from '../../src/experiments/index.js';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { TripletSampler } from '../../src/samplers/index.js';

const load = (name: string, ...overrides: string[]) =>
  loadTrainingConfiguration(`configurations/synthetic/synthetic_${name}.yaml`, [
    'dataset.num_items=30',
    'dataset.num_triplets=900',
    'optimization.num_training_epochs=7',
    ...overrides,
  ]);

test('a student is shown each of its items once an epoch', (t) => {
  t.deepEqual(trainingBudget(load('se_rkd')), { items: 18, labels: null, shown: 126 });
  const short = load('se_rkd', 'dataset.batch_size=5', 'optimization.num_batches_per_epoch=3');
  t.is(trainingBudget(short).shown, 7 * 15);
});

test('triplets are shown in whole batches, as the sampler makes them', (t) => {
  const configuration = load('d_ste', 'dataset.batch_size=60', 'optimization.num_batches_per_epoch=1000');
  const { triplets, random } = makeTripletDataset(configuration.dataset);
  const epoch = new TripletSampler(triplets.training, 60, random).trainingEpoch();
  const { items, labels, shown } = trainingBudget(configuration);
  t.is(items, 24);
  t.is(labels, triplets.training.length / 3);
  t.is(shown, 7 * epoch.reduce((sum, { length }) => sum + length, 0));
  t.is(trainingBudget(load('d_ste', 'dataset.batch_size=60', 'optimization.num_batches_per_epoch=2')).shown, 7 * 120);
  t.true(shown < 7 * triplets.training.length, 'a last partial batch is dropped');
});
