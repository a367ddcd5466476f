import { lossParameters, type LossParameter } from '../catalogue/loss-parameters.js';
import { losses, parametersOf } from '../catalogue/losses.js';
import { metricOf, metrics } from '../catalogue/metrics.js';
import { modelDeclaration, modelsReading } from '../catalogue/models.js';
import { namesOf } from '../catalogue/names.js';
import type { Configuration, ModelConfiguration, TrainingConfiguration } from './types.js';
import { isTraining } from './types.js';

type Note = (model: ModelConfiguration, configuration: TrainingConfiguration) => string | false;

const reads = ({ loss_type }: ModelConfiguration, key: LossParameter) => parametersOf(loss_type).includes(key);
/** Parameters that are refused where they are not read. */
const refused: readonly LossParameter[] = ['batch_mining', 'exact_log_softmax'];

/** Returns the keys of the model that are given and that its loss does not read, except `beta` of Psycho. */
export function unreadParameters(model: ModelConfiguration): string[] {
  return namesOf(lossParameters).filter(
    (key) =>
      model[key] !== undefined &&
      !reads(model, key) &&
      !refused.includes(key) &&
      !(key === 'beta' && model.name === 'Psycho'),
  );
}

const deep = modelsReading('num_nonlinearity_layers');

const notes: readonly Note[] = [
  (model) => {
    const keys = unreadParameters(model);
    return keys.length > 0 && `loss_type ${model.loss_type} does not read model.${keys.join(', model.')}`;
  },
  (model) =>
    model.name === 'Psycho' &&
    reads(model, 'beta') &&
    `model.beta is a parameter of ${model.loss_type} and also the weight of Psycho's regularization`,
  (model) =>
    (model.num_nonlinearity_layers ?? 0) > 0 &&
    !deep.includes(model.name) &&
    `${model.name} does not read model.num_nonlinearity_layers; only ${deep.join(' and ')} does`,
  ({ name, frozen_variables: frozen }) =>
    Boolean(frozen) &&
    !modelDeclaration(name).freezes.includes(frozen!) &&
    `model.frozen_variables: ${frozen} freezes nothing of ${name}`,
  (model) =>
    model.metric_mode.endsWith('/min') &&
    `metric_mode ${model.metric_mode} keeps the worst checkpoint, since a greater value is better`,
  (model) =>
    losses[model.loss_type].supervision === 'classes' &&
    `loss_type ${model.loss_type} is in none of the original's configurations`,
  (model) => model.name === 'Ordinal' && `Ordinal with loss_type ${model.loss_type} is not in the paper`,
  (model, { optimization }) =>
    model.name === 'Psycho' &&
    !model.train_regularization &&
    ((model.beta ?? 0) > 0 || optimization.weight_decay > 0) &&
    'as in the original, Psycho trains without model.beta and optimization.weight_decay; set model.train_regularization=true to train with them',
];

/**
 * Says how the validation metric of a training differs from an evaluation: as in the original, it is the plain mean
 * over batches, of which the last is smaller. Undefined where there is no difference.
 */
export function metricNote({ model, optimization }: TrainingConfiguration): string | undefined {
  const name = metricOf(model.metric_mode);
  if (optimization.evaluate_globally || metrics[name].wholeSubset) return undefined;
  const all = metrics[name].supervision === 'triplets' ? 'triplets' : 'pictures';
  return `${name} in training is the mean over validation batches, as in the original; tripletlab evaluate takes it over all ${all}, so the two differ a little`;
}

/** Lists the settings of a valid configuration that have no effect or may surprise, one line each. */
export function configurationNotes(configuration: Configuration): string[] {
  if (!isTraining(configuration)) return [];
  return notes.flatMap((note) => note(configuration.model, configuration) || []);
}
