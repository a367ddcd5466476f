import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { loadConfiguration, type TrainingConfiguration } from '../../src/configuration/index.js';
import { fromTriplets, syntheticDataset } from '../../src/datasets/index.js';
import { labelsDigest } from '../../src/datasets/digests.js';
import { makeDataset, register as registerDataset } from '../../src/datasets/index.js';
import { encodeNpz } from '../../src/formats/npz.js';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import { distillationLosses, register as registerLoss, tripletLosses, type OwnLoss } from '../../src/losses/index.js';
import type { OptimizerFactory } from '../../src/optimizers/index.js';
import * as tf from '../../src/tf.js';
import { train, type EpochEvent, type RunRecord, type TrainOptions } from '../../src/training/index.js';

// Parts of one's own get what built-in parts get: the same numbers, resume, records, refusals of one line.

const base = mkdtempSync(join(tmpdir(), 'tripletlab-'));
const drawn = ['dataset.num_items=60', 'dataset.num_triplets=2000', 'use_gpu=false'];

function student(id: number, ...more: string[]): TrainingConfiguration {
  return loadConfiguration('configurations/synthetic/synthetic_se_rkd.yaml', [
    ...drawn,
    ...['dataset.data_directory_name=se', 'dataset.source_embeddings_id=t', 'dataset.batch_size=18'],
    ...['preprocessing.image_size=16', 'optimization.num_training_epochs=3', `run.id=${id}`, 'run.draw=1', ...more],
  ]) as TrainingConfiguration;
}

function teacher(id: number, ...more: string[]): TrainingConfiguration {
  return loadConfiguration('configurations/synthetic/synthetic_p_ste.yaml', [
    ...drawn,
    ...['dataset.batch_size=300', 'model.embedding_size=8', 'optimization.num_training_epochs=3'],
    ...[`run.id=${id}`, 'run.draw=1', ...more],
  ]) as TrainingConfiguration;
}

/** The teachers: two tables that show the true factors. */
test.before(() => {
  const { factors } = syntheticDataset(student(1).dataset);
  const data = Float32Array.from(
    { length: 60 * 2 * 4 },
    (_, i) => factors[4 * Math.floor(i / 8) + (i % 4)] + 0.01 * (i % 8),
  );
  mkdirSync(join(base, 'se'));
  writeFileSync(
    join(base, 'se/embeddings_t.npz'),
    encodeNpz({ embeddings: { dtype: 'float32', shape: [60, 2, 4], data } }),
  );
});
test.after.always(() => {
  rmSync(base, { recursive: true, force: true });
});

const one = async (configuration: TrainingConfiguration, options: TrainOptions = {}): Promise<RunRecord> =>
  (await train(configuration, { base, ...options }))[0];

function weights({ name }: RunRecord): Map<string, number[]> {
  const file = join(base, 'modeling/runs', name, 'checkpoint-last.safetensors');
  const { tensors } = decodeSafetensors(readFileSync(file), file);
  return new Map([...tensors].map(([key, { data }]) => [key, Array.from(data as Float32Array)]));
}

const losses = ({ epochs }: RunRecord): number[] => epochs.map(({ training_loss }) => training_loss);

const builtInRkd = distillationLosses.rkd({}, undefined);
const myRkd: OwnLoss = {
  name: 'my_rkd',
  supervision: 'teachers',
  loss: (embeddings, { teachers }) => builtInRkd(embeddings, teachers),
};

test.serial("a loss of one's own that computes rkd trains as rkd does, and the record names it", async (t) => {
  const slow = 'optimization.initial_learning_rate=0.0001'; // so that rounding stays small
  const [built, own] = [await one(student(10, slow)), await one(student(11, slow), { loss: myRkd })];
  losses(built).forEach((loss, i) => {
    t.true(Math.abs(loss - losses(own)[i]) < 1e-4 * loss, `epoch ${i + 1}: ${loss} and ${losses(own)[i]}`);
  });
  t.is(built.parts, undefined);
  t.like(own.parts?.[0], { kind: 'loss', name: 'my_rkd', module: null });
  t.is(own.configuration.model.loss_type, 'my_rkd' as never);
});

test.serial('a bare function is a loss on what the data set gives', async (t) => {
  const asked: string[] = [];
  const nearTeachers = (embeddings: tf.Tensor2D, { teachers }: { teachers: tf.Tensor3D }): tf.Tensor => {
    asked.push(`${embeddings.shape.join(' x ')}, ${teachers.shape.join(' x ')}`);
    return tf.mean(tf.square(embeddings));
  };
  const { parts } = await one(student(12, 'optimization.num_training_epochs=1'), { loss: nearTeachers });
  t.like(parts?.[0], { name: 'nearTeachers' });
  t.true(asked.includes('18 x 32, 18 x 2 x 4'), asked.join('; '));
});

test.serial("interrupted and resumed, a training with parts of one's own ends with the same weights", async (t) => {
  const noisy: OwnLoss = {
    name: 'noisy',
    supervision: 'teachers',
    loss: (embeddings, { teachers }, { random }) => tf.mul(1 + random!.uniform(), builtInRkd(embeddings, teachers)), // it draws: a resumed run draws on
  };
  const halve = (event: EpochEvent): void => {
    event.learningRate /= 2;
  };
  const whole = await one(student(20), { loss: noisy, onEpoch: halve });
  const stop = new AbortController();
  const error = await t.throwsAsync(
    one(student(21), {
      loss: noisy,
      signal: stop.signal,
      onEpoch: (event) => {
        halve(event);
        if (event.epoch === 2) stop.abort();
      },
    }),
  );
  t.regex(error.message, /^interrupted/);
  const resumed = await one(student(21), { loss: noisy, onEpoch: halve });
  t.deepEqual(losses(resumed), losses(whole));
  t.deepEqual(weights(resumed), weights(whole));
  t.true(
    whole.notes.some((note) => note.startsWith('learning rate: set to 0.00125 ')),
    whole.notes.join('; '),
  );
});

test.serial('a run is not resumed with another source of a part', async (t) => {
  const loss = { ...myRkd, name: 'changing' };
  await one(student(30), { loss });
  t.is((await one(student(30), { loss: { ...loss } })).status, 'finished');
  const other: OwnLoss = { ...loss, loss: (embeddings, { teachers }) => tf.mul(2, builtInRkd(embeddings, teachers)) };
  const error = await t.throwsAsync(one(student(30), { loss: other }));
  t.regex(
    error.message,
    /holds a run with another loss changing \(\w{16} there, \w{16} here\); choose another run\.id/,
  );
});

test.serial('onEpoch reads loss, metric, gradient norm and learning rate, and stops a run', async (t) => {
  const events: EpochEvent[] = [];
  let steps = 0;
  const record = await one(student(40, 'optimization.num_training_epochs=9'), {
    onBatch: ({ loss, gradientNorm }) => {
      steps++;
      t.true(loss > 0 && gradientNorm > 0);
    },
    onEpoch: (event) => {
      events.push(event);
      if (event.epoch === 2) event.stop();
    },
  });
  t.deepEqual([record.status, record.epochs.length, events.length, steps], ['finished', 2, 2, 4]);
  t.deepEqual(
    events.map(({ trainingLoss, metric }) => [trainingLoss, metric]),
    record.epochs.map(({ training_loss, metric }) => [training_loss, metric]),
  );
  t.true(record.notes.includes('stopped: after epoch 2 by the program that trains'));
  t.is((await one(student(40, 'optimization.num_training_epochs=9'))).epochs.length, 2); // it is finished
});

/** w -= rate x gradient, with momentum: what PyTorch calls SGD. */
const momentum: OptimizerFactory = (parameters, { learningRate }) => {
  const speeds = parameters.map(({ variable }) =>
    tf.tidy(() => tf.variable(tf.zerosLike(variable) as tf.Tensor, false)),
  );
  return {
    learningRate,
    steps: 0,
    step(gradients) {
      this.steps++;
      for (const [i, { variable }] of parameters.entries())
        tf.tidy(() => {
          speeds[i].assign(tf.add(tf.mul(speeds[i], 0.9), gradients[i]));
          variable.assign(tf.sub(variable, tf.mul(speeds[i], this.learningRate)));
        });
    },
    tensors: () => Object.fromEntries(parameters.map(({ name }, i) => [`speed.${name}`, speeds[i]])),
    dispose: () => void tf.dispose(speeds),
  };
};

test.serial('teachers learn by an own loss, optimizer, sampler and metric, alike alone and together', async (t) => {
  const parts: TrainOptions = {
    loss: {
      name: 'my_triplet',
      supervision: 'triplets',
      parameters: ['margin'],
      loss: (embeddings, { directed }, { parameters }) =>
        tripletLosses.triplet({ margin: parameters.margin! }, directed)(embeddings),
    },
    optimizer: { name: 'momentum', make: momentum },
    sampler: {
      name: 'first_hundred',
      epoch: ({ training, random }) => {
        const start = 3 * random.integer(50);
        return [training.subarray(start, start + 300), training.subarray(start + 300, start + 600)];
      },
    },
    metric: {
      name: 'share_at_least',
      supervision: 'triplets',
      metric: (rows, size) => Math.min(1, rows.length / size),
    },
  };
  const settings = ['model.margin=0.2', 'optimization.initial_learning_rate=0.5'];
  const together = await train(teacher(50, ...settings, 'num_repetitions=2'), { base, ...parts });
  t.deepEqual(
    together[0].parts?.map(({ kind, name }) => `${kind} ${name}`),
    ['loss my_triplet', 'sampler first_hundred', 'metric share_at_least', 'optimizer momentum'],
  );
  t.true(losses(together[0])[2] < losses(together[0])[0]);
  const alone = await one(teacher(61, ...settings, 'run.draw=2'), parts);
  losses(alone).forEach((loss, i) => {
    t.true(Math.abs(loss - losses(together[1])[i]) < 1e-5);
  });
});

test.serial("a network of one's own trains, and its saved parameters are those of PyTorch's layout", async (t) => {
  const record = await one(student(70), {
    backbone: {
      name: 'TinyNet',
      featureSize: 12,
      body: ({ variable }) => {
        const filters = variable<tf.Rank.R4>('conv1.weight', [5, 5, 3, 12]);
        return (images) => tf.mean(tf.relu(tf.conv2d(images, filters, 4, 'same')), [1, 2]);
      },
    },
  });
  t.true(losses(record)[2] < losses(record)[0]);
  const file = join(base, 'modeling/runs/run-0070/checkpoint-best.safetensors');
  const shapes = [...decodeSafetensors(readFileSync(file), file).tensors].map(
    ([name, { shape }]) => `${name} ${shape.join(' ')}`,
  );
  t.deepEqual(shapes.sort(), [
    'model.conv1.weight 12 3 5 5',
    'model.last_linear.bias 32',
    'model.last_linear.weight 32 12',
  ]);
});

test.serial('triplets given by a program are split and trained on as those of a set', async (t) => {
  const { dataset } = student(1);
  const set = syntheticDataset(dataset);
  const mine = fromTriplets({
    name: 'Mine',
    triplets: set.unsplit!.triplets,
    directed: false,
    images: set.items.map(({ index }) => set.picture(index)),
  });
  registerDataset(mine);
  const drawnBy = ['num_items', 'num_triplets', 'directed', 'temperature'];
  const kept = Object.entries(dataset).filter(([key]) => !drawnBy.includes(key));
  const section = Object.fromEntries(kept) as unknown as typeof dataset;
  for (const version of ['source_embedding', 'source_embedding~3', 'psycho~1'])
    t.is(
      labelsDigest(makeDataset({ ...section, name: 'MineSE' as never, version })),
      labelsDigest(syntheticDataset({ ...dataset, version })),
    );
  const [built, own] = [await one(student(80)), await one(student(81), { dataset: mine })];
  t.deepEqual(losses(own), losses(built));
  t.deepEqual(weights(own), weights(built));
});

const lacking: [string, TrainOptions, RegExp][] = [
  [
    'a mistyped member',
    { loss: { ...myRkd, suprvision: 'teachers' } as OwnLoss },
    /^unknown member of loss my_rkd: suprvision; did you mean supervision\?$/,
  ],
  ['an unknown option', { los: myRkd } as TrainOptions, /^unknown option of train: los; did you mean loss\?$/],
  [
    'the name of a built-in loss',
    { loss: { ...myRkd, name: 'rkd' } },
    /^invalid name of a loss: rkd is built in; choose another$/,
  ],
  [
    'no scalar',
    { loss: { ...myRkd, name: 'rows', loss: (embeddings) => embeddings } },
    /^loss rows returned a tensor of shape \[12, 32\]; return a scalar/,
  ],
  [
    'no gradient',
    { loss: { ...myRkd, name: 'cut', loss: (embeddings) => tf.mean(tf.tensor(embeddings.dataSync())) } },
    /^invalid loss cut: its value does not follow from the embeddings/,
  ],
  [
    'other supervision',
    { loss: { ...myRkd, name: 'other', loss: (e, { classes }) => tf.mul(classes[0], tf.mean(e)) } },
    /^loss other reads classes, but its supervision is teachers$/,
  ],
  [
    'supervision that the data lack',
    { metric: { name: 'm', supervision: 'classes', metric: () => 1 } },
    /^invalid metric_mode: m\/max; it needs classes \(an SEC data set\), and SyntheticSE has none$/,
  ],
  [
    'NaN',
    { loss: { ...myRkd, name: 'nan', loss: (e) => tf.mean(tf.log(tf.sub(e, 2))) } },
    /^invalid loss nan: it is NaN of 12 random rows/,
  ],
  [
    'a metric that gives no number',
    { metric: { name: 'text', supervision: 'teachers', metric: () => 'high' as never } },
    /^metric text returned high; return a number$/,
  ],
  [
    'an optimizer without steps',
    { optimizer: { name: 'none', make: () => ({}) as never } },
    /^optimizer none lacks step/,
  ],
  [
    'a body of another width',
    { backbone: { name: 'Wide', featureSize: 5, body: () => (images) => tf.mean(images, [1, 2]) } },
    /^the body of backbone Wide returned shape \[\d+, 3\]; return \[pictures, 5\]/,
  ],
  ['a batch of nothing', { sampler: { name: 'empty', epoch: () => [] } }, /^sampler empty returned no batches/],
  [
    'a set without pictures',
    { dataset: fromTriplets({ name: 'Bare', triplets: [[0, 1, 2]], directed: true }) },
    /^invalid dataset: Bare in place of SyntheticSE; it has no images$/,
  ],
];
for (const [what, parts, line] of lacking)
  test.serial(`a part with ${what} is refused before anything is written`, async (t) => {
    const error = await t.throwsAsync(one(student(90), parts));
    t.regex(error.message, line);
    t.false(existsSync(join(base, 'modeling/runs/run-0090')));
  });

test('members of registries cannot be replaced', (t) => {
  const registry = distillationLosses as Record<string, unknown>;
  t.throws(
    () => {
      registry['rkd'] = () => 1;
    },
    { instanceOf: TypeError },
  );
  registerLoss({ ...myRkd, name: 'replaceable' });
  registerLoss({ ...myRkd, name: 'replaceable' }); // as a cell that is run again
  t.true('replaceable' in registry);
});
