import { indexModels, lossTraits } from './names.js';
import type { LossParameter, ModelName } from './names.js';
import type { Configuration, ModelConfiguration, TrainingConfiguration } from './types.js';
import { isTraining } from './types.js';

type Note = (model: ModelConfiguration, configuration: TrainingConfiguration) => string | false;

const parameters = ['margin', 'margin2', 'margin_positive', 'margin_negative', 'tau', 'mu', 'alpha', 'beta'] as const;
const reads = ({ loss_type }: ModelConfiguration, key: LossParameter) =>
  (lossTraits[loss_type].parameters as readonly LossParameter[]).includes(key);

/** Keys that this loss does not read, `beta` of Psycho and `margin2` of weighted triplets apart. */
function unread(model: ModelConfiguration): string[] {
  return parameters.filter(
    (key) =>
      model[key] !== undefined &&
      !reads(model, key) &&
      !(key === 'beta' && model.name === 'Psycho') &&
      !(key === 'margin2' && reads(model, 'triplet_weight_type')),
  );
}

/** Networks that do not read `frozen_variables`, and ones that have no batch normalization. */
const withoutFreezing: readonly ModelName[] = [...indexModels, 'ViTS'];
const withoutNorm: readonly ModelName[] = ['ViT', 'ViTTi', 'SmallViT'];

const notes: readonly Note[] = [
  (model) => {
    const keys = unread(model);
    return keys.length > 0 && `loss_type ${model.loss_type} does not read model.${keys.join(', model.')}`;
  },
  (model) =>
    model.name === 'Psycho' &&
    reads(model, 'beta') &&
    `model.beta is both of ${model.loss_type} and the weight of Psycho's regularization`,
  (model) =>
    (model.num_nonlinearity_layers ?? 0) > 0 &&
    model.name !== 'ResNet50' &&
    `${model.name} does not read model.num_nonlinearity_layers; only ResNet50 does`,
  (model) =>
    Boolean(model.frozen_variables) &&
    (withoutFreezing.includes(model.name) || (withoutNorm.includes(model.name) && model.frozen_variables === 'bn')) &&
    `model.frozen_variables: ${model.frozen_variables} freezes nothing of ${model.name}`,
  (model) =>
    model.metric_mode.endsWith('/min') && `metric_mode ${model.metric_mode} keeps the worst checkpoint: more is better`,
  (model) =>
    lossTraits[model.loss_type].supervision === 'classes' &&
    `loss_type ${model.loss_type} is in none of the original's configurations`,
  (model) => model.name === 'Ordinal' && `Ordinal with loss_type ${model.loss_type} is not in the paper`,
  (model, { optimization }) =>
    model.name === 'Psycho' &&
    !model.train_regularization &&
    ((model.beta ?? 0) > 0 || optimization.weight_decay > 0) &&
    'as in the original, Psycho trains without model.beta and optimization.weight_decay; set model.train_regularization=true to train with them',
];

/**
 * How a training takes its validation metric where an evaluation takes it otherwise: the original's plain mean over
 * batches, of which the last is smaller. Undefined where both are one.
 */
export function metricNote({ model, optimization }: TrainingConfiguration): string | undefined {
  const [name] = model.metric_mode.split('/');
  if (optimization.evaluate_globally || !(name === 'FCT' || name === 'mP@1')) return undefined;
  const all = name === 'FCT' ? 'triplets' : 'pictures';
  return `${name} in training is the mean over validation batches, as in the original; tripletlab evaluate takes it over all ${all}, so the two differ a little`;
}

/** What a valid configuration says without effect or with one that may surprise: one line each. */
export function configurationNotes(configuration: Configuration): string[] {
  if (!isTraining(configuration)) return [];
  return notes.flatMap((note) => note(configuration.model, configuration) || []);
}
