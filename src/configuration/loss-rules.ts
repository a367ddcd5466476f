import { UsageError } from '../errors.js';
import { show } from './display.js';
import { datasetTraits, lossTraits } from './names.js';
import type { DatasetKind, LossParameter, LossType, MetricName, Supervision } from './names.js';
import type { ModelConfiguration, TrainingConfiguration } from './types.js';

/** The kinds of data set that have each supervision. */
const kindsWith: Record<Supervision, readonly DatasetKind[]> = {
  triplets: ['triplets of images', 'triplets of indexes'],
  classes: ['classes'],
  teachers: ['source embeddings', 'classes'],
};
const metricNeeds: Record<MetricName, Supervision> = {
  FCT: 'triplets',
  'mP@1': 'classes',
  fraction_same_triplet_relation: 'teachers',
  fraction_same_triplet_relation_thresholded: 'teachers',
};
const wordsFor: Record<Supervision, string> = {
  triplets: 'triplets: a TImg or TInd data set',
  classes: 'classes: an SEC data set',
  teachers: 'source embeddings: an SE or SEC data set',
};
/** The losses of distances of any scale, which are those of `Ordinal`. */
const ordinalLosses: readonly LossType[] = ['soe', 'ckl'];
const mining: readonly LossType[] = ['rkd', 'stmr'];
/** Losses that divide by beta. */
const betaAboveZero: readonly LossType[] = [
  'double_multisimilarity',
  'multi_similarity',
  'multi_similarity_original',
  'relaxed_multisimilarity',
  'stmr',
];

/**
 * Refuses a loss without its parameters, and a loss or metric that the data set cannot feed.
 *
 * @throws UsageError
 */
export function checkLoss({ model, dataset, optimization }: TrainingConfiguration, place: string): void {
  const kind = datasetTraits[dataset.name].kind;
  const { loss_type } = model;
  const { supervision } = lossTraits[loss_type];
  if (!kindsWith[supervision].includes(kind))
    throw new UsageError(`invalid loss_type: ${loss_type}; ${dataset.name} lacks its ${wordsFor[supervision]}`);
  for (const key of parametersOf(model))
    if (model[key] === undefined)
      throw new UsageError(`missing model.${key} in ${place}; loss_type ${loss_type} needs it`);
  checkParameters(model);

  const metric = model.metric_mode.split('/')[0] as MetricName;
  const need = metricNeeds[metric];
  if (!kindsWith[need].includes(kind))
    throw new UsageError(`invalid metric_mode: ${model.metric_mode}; ${dataset.name} lacks its ${wordsFor[need]}`);
  if (need === 'teachers' && !optimization.evaluate_globally)
    throw new UsageError(`invalid optimization.evaluate_globally: false; ${metric} is of the whole subset: true`);
}

/** The parameters that a loss cannot do without. */
function parametersOf({ loss_type, triplet_weight_type }: ModelConfiguration): readonly LossParameter[] {
  const parameters: readonly LossParameter[] = lossTraits[loss_type].parameters;
  const weighsTriplets =
    parameters.includes('triplet_weight_type') && triplet_weight_type?.startsWith('from_source_triplets');
  return weighsTriplets ? [...parameters, 'margin2'] : parameters;
}

function checkParameters(model: ModelConfiguration): void {
  const { loss_type } = model;
  const ordinal = ordinalLosses.includes(loss_type);
  if (ordinal !== (model.name === 'Ordinal'))
    throw new UsageError(
      `invalid loss_type: ${loss_type}; ${ordinal ? `only Ordinal learns by it, not ${model.name}` : `Ordinal learns by ${ordinalLosses.join(' or ')}`}`,
    );
  if (loss_type === 'soe' && !(model.margin! > 0))
    throw new UsageError(`invalid model.margin: ${show(model.margin)}; at or below 0, soe is least where all is equal`);
  if (loss_type === 'relaxed_triplet' && model.triplet_weight_type?.endsWith('2'))
    throw new UsageError(
      `invalid triplet_weight_type: ${model.triplet_weight_type}; relaxed_triplet knows from_source_pairs and from_source_triplets`,
    );
  if (betaAboveZero.includes(loss_type) && !(model.beta! > 0))
    throw new UsageError(`invalid model.beta: ${show(model.beta)}; loss_type ${loss_type} divides by it`);
  if (model.batch_mining && !mining.includes(loss_type))
    throw new UsageError(
      `invalid batch_mining: ${model.batch_mining}; only ${mining.join(' and ')} mine, not ${loss_type}`,
    );
  if (model.exact_log_softmax && loss_type !== 'ste')
    throw new UsageError(`invalid model.exact_log_softmax: true; only ste reads it, not ${loss_type}`);
  if (model.train_regularization && model.name !== 'Psycho')
    throw new UsageError(`invalid model.train_regularization: true; only Psycho reads it, not ${model.name}`);
}
