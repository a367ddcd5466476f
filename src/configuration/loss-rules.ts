import { hasSupervision } from '../catalogue/datasets.js';
import type { Supervision } from '../catalogue/loss-declaration.js';
import { neededParameters, refusedParameter } from '../catalogue/loss-checks.js';
import { lossDeclaration, losses, lossesReading } from '../catalogue/losses.js';
import { metricOf, metrics } from '../catalogue/metrics.js';
import { modelsReading } from '../catalogue/models.js';
import { namesOf } from '../catalogue/names.js';
import { UsageError } from '../errors.js';
import { show } from './display.js';
import type { ModelConfiguration, TrainingConfiguration } from './types.js';

const wordsFor: Record<Supervision, string> = {
  triplets: 'triplets (a TImg or TInd data set)',
  classes: 'classes (an SEC data set)',
  teachers: 'source embeddings (an SE or SEC data set)',
};
const ordinalLosses = namesOf(losses).filter((loss) => lossDeclaration(loss).anyScale);

/**
 * Refuses a loss without its parameters, and a loss or metric that the data set has no supervision for.
 *
 * @throws UsageError
 */
export function checkLoss({ model, dataset, optimization }: TrainingConfiguration, place: string): void {
  const { loss_type } = model;
  const { supervision } = losses[loss_type];
  if (!hasSupervision(dataset.name, supervision))
    throw new UsageError(
      `invalid loss_type: ${loss_type}; it needs ${wordsFor[supervision]}, and ${dataset.name} has none`,
    );
  for (const key of neededParameters(loss_type, model))
    if (model[key] === undefined)
      throw new UsageError(`missing model.${key} in ${place}; loss_type ${loss_type} needs it`);
  checkParameters(model);

  const metric = metricOf(model.metric_mode);
  const { supervision: need, wholeSubset } = metrics[metric];
  if (!hasSupervision(dataset.name, need))
    throw new UsageError(
      `invalid metric_mode: ${model.metric_mode}; it needs ${wordsFor[need]}, and ${dataset.name} has none`,
    );
  if (wholeSubset && !optimization.evaluate_globally)
    throw new UsageError(
      `invalid optimization.evaluate_globally: false; ${metric} is computed on the whole subset, set it to true`,
    );
}

function checkParameters(model: ModelConfiguration): void {
  const { loss_type } = model;
  const ordinal = ordinalLosses.includes(loss_type);
  if (ordinal !== (model.name === 'Ordinal'))
    throw new UsageError(
      `invalid loss_type: ${loss_type}; ${ordinal ? `it is for Ordinal, not for ${model.name}` : `Ordinal needs ${ordinalLosses.join(' or ')}`}`,
    );
  const refused = refusedParameter(loss_type, model);
  if (refused !== undefined) {
    const value = model[refused.key];
    const [key, shown] = typeof value === 'string' ? [refused.key, value] : [`model.${refused.key}`, show(value)];
    throw new UsageError(`invalid ${key}: ${shown}; ${refused.reason}`);
  }
  const mining = lossesReading('batch_mining');
  if (model.batch_mining && !mining.includes(loss_type))
    throw new UsageError(
      `invalid batch_mining: ${model.batch_mining}; it is for ${mining.join(' and ')}, not for ${loss_type}`,
    );
  const exact = lossesReading('exact_log_softmax');
  if (model.exact_log_softmax && !exact.includes(loss_type))
    throw new UsageError(
      `invalid model.exact_log_softmax: true; it is for ${exact.join(' and ')}, not for ${loss_type}`,
    );
  const regularized = modelsReading('train_regularization');
  if (model.train_regularization && !regularized.includes(model.name))
    throw new UsageError(
      `invalid model.train_regularization: true; it is for ${regularized.join(' and ')}, not for ${model.name}`,
    );
}
