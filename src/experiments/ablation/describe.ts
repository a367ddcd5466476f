import { alignColumns } from '../status/align-columns.js';
import { ablationBases, type AblationData } from './base.js';
import type { Ablation } from './ablation.js';
import { variantDifferences } from './differences.js';

/** Describes an ablation in lines: training, values, draws, and the keys in which the configurations differ. */
export function describeAblation(ablation: Ablation): string {
  const { wanted, setting, variants, reference, notes } = ablation;
  const { model, dataset, optimization } = variants[0].draws[0].compared;
  const values = variants.map(({ name }) => name).join(', ');
  return alignColumns([
    ['compared', `${wanted.train} on ${dataset.name}: ${model.name}, ${model.loss_type}`],
    ['setting', `${setting.name}: ${values}; the others with ${reference.name}`],
    ['draws', `${wanted.draws}, each with its own ${ablationBases[wanted.data as AblationData].drawn}`],
    [
      'training',
      `${optimization.num_training_epochs} epochs at learning rate ${optimization.initial_learning_rate}, ` +
        `batches of ${dataset.batch_size}`,
    ],
    ...notes.map((note) => ['note', note]),
    ['differs', variantDifferences(ablation).map(({ key }) => key).join(', ')], // prettier-ignore
  ]);
}
