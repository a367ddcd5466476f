import type { CommonConfiguration, TrainingConfiguration } from '../../src/configuration/types.js';
import { isTripletDataset, makeDataset, type ClassDataset, type TripletDataset } from '../../src/datasets/index.js';
import { embedItems, rowsOf } from '../../src/evaluation/index.js';
import { distillation, dot, sum, type Rows } from '../losses/naive.js';
import { distance, naiveTripletLoss } from '../losses/naive-triplets.js';
import { teacherRow, TEACHERS } from './configured-runs.js';

/** Embeddings of items by a trained model, one by one. */
export async function embeddingRows(
  uri: string,
  configuration: CommonConfiguration,
  dataset: TripletDataset | ClassDataset,
  items: Int32Array,
  base: string,
): Promise<Rows> {
  const embeddings = await embedItems(uri, dataset, { base, configuration, items: Int32Array.from(new Set(items)) });
  const { size } = embeddings;
  const rows = rowsOf(embeddings, items);
  return Array.from(items, (_, i) => Array.from(rows.subarray(i * size, (i + 1) * size)));
}

/** The fraction of triplets, whose rows come in threes, that embeddings order as they say. */
export function naiveFct(rows: Rows, directed: boolean): number {
  const correct = Array.from({ length: rows.length / 3 }, (_, t) => {
    const [a, b, c] = rows.slice(3 * t, 3 * t + 3);
    return Number(distance(a, b) < distance(a, c) && (directed || distance(a, b) < distance(b, c)));
  });
  return sum(correct) / correct.length;
}

/** The share of rows whose nearest other row is of their class. */
export function naivePrecision(rows: Rows, classes: readonly number[]): number {
  const right = rows.map((row, i) => {
    const others = [...rows.keys()].filter((j) => j !== i);
    const nearest = others.reduce((best, j) => (dot(row, rows[j]) > dot(row, rows[best]) ? j : best));
    return Number(classes[nearest] === classes[i]);
  });
  return sum(right) / right.length;
}

/** Loss and metric of the validation subset, where they do not depend on draws. */
export async function naiveValidation(
  uri: string,
  configuration: TrainingConfiguration,
  base: string,
): Promise<{ loss?: number; metric?: number }> {
  const { model } = configuration;
  const dataset = makeDataset(configuration.dataset);
  const parameters = { ...model };
  const embed = (items: Int32Array) => embeddingRows(uri, configuration, dataset, items, base);
  if (!isTripletDataset(dataset)) {
    const rows = await embed(dataset.instances.validation);
    const classes = Array.from(dataset.instances.validation, (item) => dataset.items[item].class);
    return { metric: naivePrecision(rows, classes) };
  }
  if (configuration.dataset.name.endsWith('TImg')) {
    const rows = await embed(dataset.triplets.validation);
    const { directed } = dataset;
    return { loss: naiveTripletLoss(model.loss_type, parameters, rows, directed), metric: naiveFct(rows, directed) };
  }
  const items = dataset.instances.validation;
  const split = /~\d+$/.exec(configuration.dataset.version)?.[0] ?? '';
  const teachers = Array.from(items, (item) =>
    Array.from({ length: TEACHERS }, (_, t) => teacherRow(split, t, dataset.items[item].class)),
  );
  return { loss: distillation[model.loss_type](await embed(items), teachers, parameters) };
}
