import type { TrainingConfiguration } from '../configuration/types.js';
import { makeTripletDataset } from '../datasets/index.js';

/** What a training on a set of triplets learns from, and how much of it its network is shown. */
export interface LessonSize {
  /** Different items in the training subset. */
  readonly items: number;
  /** Labelled triplets it learns from; null for a student, which has the teachers' relations instead. */
  readonly labels: number | null;
  /** Items that go through the model in all epochs, repeats counted; validation is not. */
  readonly shown: number;
}

/**
 * The size of a training's lessons: epochs times the items of an epoch, which are the instances for a student and else
 * three for each label of a whole batch.
 */
export function lessonSize({ dataset: section, optimization }: TrainingConfiguration): LessonSize {
  const dataset = makeTripletDataset(section);
  const epochs = optimization.num_training_epochs;
  const items = dataset.instances.training.length;
  if (section.source_embeddings_id !== undefined) return { items, labels: null, shown: epochs * items };
  const rows = dataset.triplets.training.length;
  return { items, labels: rows / 3, shown: epochs * (rows - (rows % section.batch_size)) };
}
