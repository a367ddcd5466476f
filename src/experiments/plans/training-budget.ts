import type { TrainingConfiguration } from '../../configuration/types.js';
import { makeTripletDataset } from '../../datasets/index.js';

/** What a training on a set of triplets learns from, and how much of it its network is shown. */
export interface TrainingBudget {
  /** Different items in the training subset. */
  readonly items: number;
  /** Labelled triplets it learns from; null for a student, which has the teachers' relations instead. */
  readonly labels: number | null;
  /** Items that go through the model in all epochs, repeats counted; validation is not. */
  readonly shown: number;
}

/** The size of a training's lessons: epochs times the items of an epoch's batches, of which triplets fill whole ones. */
export function trainingBudget({ dataset: section, optimization }: TrainingConfiguration): TrainingBudget {
  const { num_training_epochs: epochs, num_batches_per_epoch: batches = Infinity } = optimization;
  const { triplets, instances } = makeTripletDataset(section);
  const most = batches * section.batch_size;
  const items = instances.training.length;
  if (section.source_embeddings_id !== undefined) return { items, labels: null, shown: epochs * Math.min(items, most) };
  const rows = triplets.training.length;
  return { items, labels: rows / 3, shown: epochs * Math.min(rows - (rows % section.batch_size), most) };
}
