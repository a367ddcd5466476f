import type { TrainingConfiguration } from '../../configuration/types.js';
import { makeTripletDataset } from '../../datasets/index.js';

/** The amount of data that a training on triplets has: items, labels, and items shown. */
export interface TrainingBudget {
  /** The number of different items in the training subset. */
  readonly items: number;
  /** The number of labelled triplets it learns from; null for a student, which has the teachers' relations instead. */
  readonly labels: number | null;
  /** The number of items that go through the model in all epochs, with repeats and without validation. */
  readonly shown: number;
}

/** Computes a training's budget: epochs times the items of an epoch's batches. Batches of triplets are always whole. */
export function trainingBudget({ dataset: section, optimization }: TrainingConfiguration): TrainingBudget {
  const { num_training_epochs: epochs, num_batches_per_epoch: batches = Infinity } = optimization;
  const { triplets, instances } = makeTripletDataset(section);
  const most = batches * section.batch_size;
  const items = instances.training.length;
  if (section.source_embeddings_id !== undefined) return { items, labels: null, shown: epochs * Math.min(items, most) };
  const rows = triplets.training.length;
  return { items, labels: rows / 3, shown: epochs * Math.min(rows - (rows % section.batch_size), most) };
}
