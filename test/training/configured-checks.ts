import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '../../src/tf.js';
import type { ExecutionContext } from 'ava';
import { indexTables } from '../../src/teachers/index-tables.js';
import { isPretrained, type PretrainedModel } from '../../src/backbones/weights/registry.js';
import { fromTorchNames } from '../../src/backbones/weights/torch-names.js';
import type { TrainingConfiguration } from '../../src/configuration/types.js';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { toBytes, type NdArray } from '../../src/formats/nd-array.js';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import { RandomStream } from '../../src/random/stream.js';
import type { RunRecord } from '../../src/training/index.js';
import { changesOf, type Bench, type Written } from './configured-runs.js';

type Sections = Record<string, Record<string, unknown>>;

/** Takes a configuration's steps, which must leave no tensor, and checks what they leave. */
export async function checkSteps(t: ExecutionContext, bench: Bench, written: Written): Promise<RunRecord> {
  const before = tf.memory().numTensors;
  const [record] = await bench.train(written);
  t.is(tf.memory().numTensors, before);
  checkRecord(t, bench, written, record);
  checkParameters(t, bench, written, record);
  return record;
}

/** The record must say what the file says, but for the data's folder, what was changed, and the split of the first repetition. */
export function checkRecord(t: ExecutionContext, bench: Bench, written: Written, record: RunRecord): void {
  const expected = structuredClone(written.yaml) as unknown as Sections;
  for (const [key, value] of Object.entries(changesOf(written))) {
    const [section, name] = key.split('.');
    expected[section][name] = value;
  }
  const { dataset } = expected;
  dataset['raw_data_directory_name'] = bench.root(written.set);
  if (dataset['different_splits'] === true) {
    dataset['version'] = `${dataset['version'] as string}~0`;
    if ('source_embeddings_id' in dataset) dataset['source_embeddings_id'] = `${dataset['source_embeddings_id'] as string}~0`; // prettier-ignore
    dataset['different_splits'] = false;
  }
  expected['run']['id'] = written.yaml.run.id;
  t.like(record.configuration, expected);
  t.is(record.status, 'finished');
  t.is(record.epochs.length, 1);
  const [{ training_loss, validation_loss, metric }] = record.epochs;
  for (const value of [training_loss, validation_loss, metric]) t.true(Number.isFinite(value), `${value}`);
  t.true(training_loss >= 0 && validation_loss >= 0 && metric >= 0 && metric <= 1);
  t.deepEqual(record.best, { epoch: 1, metric: written.yaml.model.metric_mode.split('/')[0], value: metric });
}

/** The best checkpoint of a run. */
export function bestTensors(folder: string): ReadonlyMap<string, NdArray> {
  const file = join(folder, 'checkpoint-best.safetensors');
  return decodeSafetensors(readFileSync(file), file).tensors;
}

/** What training leaves as it is. */
const fixed: Readonly<Record<PretrainedModel, RegExp>> = {
  ResNet50: /\.(running_mean|running_var|num_batches_tracked)$/,
  Inception: /\.(running_mean|running_var|num_batches_tracked)$/,
  ViT: /^$/,
  ViTS: /^patch_embed\./,
  ViTTi: /^$/,
};
const heads: Readonly<Record<PretrainedModel, string>> = {
  ResNet50: 'model.last_linear',
  Inception: 'model.last_linear',
  ViT: 'model.last_linear',
  ViTS: 'model.last_layer.1',
  ViTTi: 'model.last_linear',
};

/** How far values moved, at most, and what they are at most. */
function moved(before: NdArray, after: NdArray): { most: number; largest: number } {
  let [most, largest] = [0, 0];
  const [from, to] = [before.data as Float32Array, after.data as Float32Array];
  for (let i = 0; i < from.length; i++) {
    most = Math.max(most, Math.abs(to[i] - from[i]));
    largest = Math.max(largest, Math.abs(from[i]));
  }
  return { most, largest };
}

/** Float32's rounding of a sum, relative to it. */
const ROUNDING = 2 ** -23;

/**
 * After one step of Adam a value has moved by the learning rate, g / (|g| + 1e-8) of it to be exact: all tensors that
 * train have moved by no more, some by all of it, the others not at all. Of three pictures, no loss of `relaxed_facenet`
 * may be semi-hard: then there is no gradient.
 */
function checkMoves(
  t: ExecutionContext,
  moves: Iterable<readonly [name: string, before: NdArray, after: NdArray]>,
  { model, optimization: { initial_learning_rate: rate, weight_decay: decay } }: TrainingConfiguration,
  isFixed: (name: string) => boolean,
): void {
  let furthest = 0;
  for (const [name, before, after] of moves) {
    if (isFixed(name)) {
      t.is(Buffer.compare(toBytes(before), toBytes(after)), 0, `${name} is fixed`);
      continue;
    }
    const { most, largest } = moved(before, after);
    // weight decay moves all but zeros
    const mayStay = largest === 0 && model.loss_type === 'relaxed_facenet';
    if (most === 0 && !mayStay) t.fail(`${name} has not moved`);
    if (most > rate * (1.001 + decay * largest) + ROUNDING * largest) t.fail(`${name} moved by ${most}`);
    furthest = Math.max(furthest, most);
  }
  t.true(furthest > 0.98 * rate, `moved by ${furthest} at most, the learning rate is ${rate}`);
}

/** The network after one step, against what it started from. */
export function checkNetwork(t: ExecutionContext, bench: Bench, { yaml }: Written, record: RunRecord): void {
  const model = yaml.model.name as PretrainedModel;
  const before = bench.start(model);
  const tensors = bestTensors(bench.folder(record));
  const { tensors: after } = fromTorchNames(tensors, model, model);
  t.deepEqual(new Set(Object.keys(after)), new Set(Object.keys(before)));
  checkMoves(
    t,
    Object.entries(before).map(([name, array]) => [name, array, after[name]] as const),
    yaml,
    (name) => fixed[model].test(name),
  );
  const { shape, data } = tensors.get(`${heads[model]}.weight`)!;
  t.is(shape[0], yaml.model.embedding_size);
  t.true((data as Float32Array).every(Number.isFinite));
}

/** The table after one step: the rows that the batch named have moved. */
export function checkTable(t: ExecutionContext, bench: Bench, { yaml }: Written, record: RunRecord): void {
  const { triplets, prototypes, items } = makeTripletDataset(record.configuration.dataset);
  const size = yaml.model.embedding_size;
  const { shape, data } = bestTensors(bench.folder(record)).get('embedding_layer.weight')!;
  t.deepEqual(shape, [items.length, size]);
  const name = yaml.model.name as keyof typeof indexTables;
  const table = indexTables[name].initial(new RandomStream(0, record.id, 'initial table'), items.length, size);
  const named = new Set(Array.from(triplets.training, (item) => prototypes[item]));
  t.true(named.size >= 3 && named.size < items.length);
  const row = (values: Float32Array, i: number): NdArray => ({ dtype: 'float32', shape: [size], data: values.subarray(i * size, (i + 1) * size) }); // prettier-ignore
  checkMoves(
    t,
    items.map((_, i) => [`row ${i}`, row(table, i), row(data as Float32Array, i)] as const),
    yaml,
    // weight decay moves all rows of an ordinal table, none of the original's
    (row) => !named.has(Number(row.slice(4))) && !(name === 'Ordinal' && yaml.optimization.weight_decay > 0),
  );
}

export const checkParameters = (t: ExecutionContext, bench: Bench, written: Written, record: RunRecord): void => {
  (isPretrained(written.yaml.model.name) ? checkNetwork : checkTable)(t, bench, written, record);
};
