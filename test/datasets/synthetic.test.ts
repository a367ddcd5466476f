import test from 'ava';
import { loadConfiguration } from '../../src/configuration/index.js';
import type { DatasetConfiguration } from '../../src/configuration/types.js';
import { UsageError } from '../../src/errors.js';
import { syntheticDataset } from '../../src/datasets/synthetic/synthetic.js';
import { answerProbabilities } from '../../src/datasets/synthetic/synthetic-triplets.js';

const base: DatasetConfiguration = {
  name: 'SyntheticTInd',
  raw_data_directory_name: null,
  data_directory_name: null,
  version: 'psycho',
  batch_size: 9,
};
const small = { ...base, num_items: 30, num_triplets: 3000 };
const subsets = ['training', 'validation', 'test'] as const;

test('the same section gives the same set, another data seed another', (t) => {
  const [a, b, c] = [syntheticDataset(small), syntheticDataset(small), syntheticDataset({ ...small, data_seed: 1 })];
  t.deepEqual(a.factors, b.factors);
  t.deepEqual(a.triplets, b.triplets);
  t.deepEqual(a.random.random(), b.random.random());
  t.notDeepEqual(a.factors, c.factors);
  t.notDeepEqual(a.triplets, c.triplets);
});

test('items, factors and what it says of itself', (t) => {
  const data = syntheticDataset(small);
  t.is(data.items.length, 30);
  t.deepEqual(data.items[7], { file: null, class: 7, index: 7 });
  t.deepEqual(
    [...data.prototypes],
    data.items.map((item) => item.index),
  );
  t.is(data.classNames.length, 30);
  t.is(data.factors.length, 30 * data.factorNames.length);
  t.true(data.factors.every((value) => value >= 0 && value <= 1));
  t.is(data.facts.root, null);
  t.deepEqual(data.facts.files, []);
  t.is(data.facts.counts['items'], 30);
  t.is(data.facts.counts['triplets'], 3000);
  for (const subset of subsets) t.is(data.facts.counts[subset], data.triplets[subset].length / 3);
});

test('80/20 by item: training and validation share items, the rest is for the test', (t) => {
  const data = syntheticDataset(small);
  t.is(data.instances.training.length, 24);
  t.deepEqual(data.instances.training, data.instances.validation);
  t.is(new Set([...data.instances.training, ...data.instances.test]).size, 30);
  for (const subset of subsets) {
    const inside = new Set(data.instances[subset]);
    t.true(data.triplets[subset].length > 0);
    t.true(data.triplets[subset].every((item) => inside.has(item)));
  }
  const both = data.triplets.training.length + data.triplets.validation.length;
  t.is(data.triplets.training.length, 3 * Math.floor(0.8 * (both / 3)));
  t.deepEqual(syntheticDataset({ ...small, version: 'direct' }).triplets, data.triplets);
});

test('60/20/20 by item, and other splits by their seed, of the same items', (t) => {
  const data = syntheticDataset({ ...small, version: 'source_embedding' });
  t.deepEqual(
    subsets.map((subset) => data.instances[subset].length),
    [18, 6, 6],
  );
  const other = syntheticDataset({ ...small, version: 'source_embedding~3' });
  t.deepEqual(other.factors, data.factors);
  t.notDeepEqual(other.instances, data.instances);
  t.deepEqual(syntheticDataset({ ...small, version: 'source_embedding~0' }).instances, data.instances);
});

test('the ceiling of a subset is the mean probability of the likeliest answers', (t) => {
  for (const directed of [true, false]) {
    const data = syntheticDataset({ ...small, directed, temperature: 0.2 });
    t.is(data.directed, directed);
    t.deepEqual(data.noise, { directed, temperature: 0.2 });
    for (const subset of subsets) {
      const triplets = data.triplets[subset];
      const best = [];
      for (let i = 0; i < triplets.length; i += 3)
        best.push(
          Math.max(
            ...answerProbabilities(
              { factors: data.factors, k: data.factorNames.length },
              data.noise,
              triplets[i],
              triplets[i + 1],
              triplets[i + 2],
            ),
          ),
        );
      t.true(Math.abs(data.ceiling[subset] - best.reduce((x, y) => x + y) / best.length) < 1e-9);
      const deviation = Math.sqrt((data.ceiling[subset] * (1 - data.ceiling[subset])) / best.length);
      t.true(Math.abs(data.factorsFct[subset] - data.ceiling[subset]) < 5 * deviation);
    }
  }
});

test('more noise, lower ceiling; chance at the end', (t) => {
  const ceilings = [0.01, 0.1, 1, 1e6].map(
    (temperature) => syntheticDataset({ ...small, temperature }).ceiling.training,
  );
  t.deepEqual(
    [...ceilings].sort((a, b) => b - a),
    ceilings,
  );
  t.true(ceilings[0] > 0.97);
  t.true(Math.abs(ceilings[3] - 1 / 3) < 1e-4);
  t.true(Math.abs(syntheticDataset({ ...small, directed: true, temperature: 1e6 }).ceiling.test - 1 / 2) < 1e-4);
});

test('pictures show the items', async (t) => {
  const data = syntheticDataset(small);
  t.is(data.pixels(3, 16).length, 16 * 16 * 3);
  t.deepEqual(data.pixels(3, 16), syntheticDataset(small).pixels(3, 16));
  t.notDeepEqual(data.pixels(3, 16), data.pixels(4, 16));
  for (const index of [3, 4, 3])
    t.deepEqual(data.picture(index), { width: 256, height: 256, data: data.pixels(index, 256) });
  t.deepEqual([...(await data.png(3, 16)).subarray(1, 4)], [...Buffer.from('PNG')]);
  for (const index of [-1, 30, 0.5])
    t.throws(() => data.pixels(index, 16), {
      instanceOf: UsageError,
      message: `invalid item: ${index}; SyntheticTInd has 30, counted from 0`,
    });
});

test('the shipped configurations have the triplets for a teacher, and a ceiling far from chance and from certainty', (t) => {
  for (const directed of ['', '_directed']) {
    const { dataset } = loadConfiguration(`configurations/synthetic/synthetic_p_ste${directed}.yaml`);
    const data = syntheticDataset(dataset);
    t.true(data.triplets.training.length / 3 > 10_000);
    t.true(data.triplets.validation.length / 3 > 2_500);
    t.true(data.triplets.test.length / 3 > 100);
    t.true(data.ceiling.validation > 0.75 && data.ceiling.validation < 0.9);
  }
});

test('what cannot be drawn is refused', (t) => {
  t.throws(() => syntheticDataset({ ...base, version: 'drect' }), { instanceOf: UsageError, message: /^unknown/ });
  t.throws(() => syntheticDataset({ ...small, num_items: 2 }), {
    instanceOf: UsageError,
    message: 'invalid dataset.num_items: 2; an integer from 3 to 1000000',
  });
  t.throws(() => syntheticDataset({ ...small, num_triplets: 1e9 }), { instanceOf: UsageError });
  t.throws(() => syntheticDataset({ ...small, num_items: 5 }), {
    instanceOf: UsageError,
    message: /^empty test subset of SyntheticTInd: /,
  });
});
