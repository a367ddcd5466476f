import { UsageError } from '../errors.js';
import { checkDataset } from './dataset-rules.js';
import { bare, show } from './display.js';
import { checkLoss } from './loss-rules.js';
import { expandRunRange, parseModelUri } from './model-uri.js';
import { datasetTraits, indexModels, isIndexModel, modelNames, preprocessingNames } from './names.js';
import type { PreprocessingName } from './names.js';
import type { Configuration, DatasetConfiguration, NetworkConfiguration, PreprocessingConfiguration } from './types.js';
import { isTraining } from './types.js';

const VIT_SIZE = 224;
/** What a preprocessing gives where no size is configured. */
const defaultSizes = {
  ResNetImagePreprocessing: 227,
  ViTImagePreprocessing: VIT_SIZE,
  SmallImagePreprocessing: 64,
} as const;
const ofIndexes: readonly PreprocessingName[] = ['IndexRemapPreprocessing'];
const ofPictures = preprocessingNames.filter((name) => !ofIndexes.includes(name));
const pictureNetworks = modelNames.filter((name) => !isIndexModel(name));

/**
 * Refuses values that are right by themselves and wrong together.
 *
 * @param place where the configuration comes from, as errors name it
 * @throws UsageError for the first such pair
 */
export function checkRules(configuration: Configuration, place: string): void {
  const { dataset, preprocessing } = configuration;
  checkDataset(dataset, isTraining(configuration), place);
  checkPreprocessing(preprocessing, dataset);
  if (isTraining(configuration)) {
    checkNetwork(configuration.model, dataset, preprocessing);
    checkLoss(configuration, place);
  }
  checkEvaluation(configuration);
}

function checkPreprocessing(
  { name, image_size, on_bad_image }: PreprocessingConfiguration,
  dataset: DatasetConfiguration,
): void {
  const indexes = datasetTraits[dataset.name].kind === 'triplets of indexes';
  if (indexes !== (name === 'IndexRemapPreprocessing'))
    throw new UsageError(
      `invalid preprocessing: ${name}; ${dataset.name} has ${indexes ? 'indexes: IndexRemapPreprocessing' : `pictures: ${alternatives(ofPictures)}`}`,
    );
  if (indexes && on_bad_image !== undefined)
    throw new UsageError(`invalid preprocessing.on_bad_image: ${on_bad_image}; ${name} reads no pictures`);
  if (name === 'ViTImagePreprocessing' && (image_size ?? VIT_SIZE) !== VIT_SIZE)
    throw new UsageError(`invalid preprocessing.image_size: ${show(image_size)}; ${name} always gives ${VIT_SIZE}`);
}

/** Refuses a network that cannot take what the data set and the preprocessing give. */
function checkNetwork(
  { name, weights, activation_fn, use_normalization }: NetworkConfiguration,
  dataset: DatasetConfiguration,
  preprocessing: PreprocessingConfiguration,
): void {
  const indexes = datasetTraits[dataset.name].kind === 'triplets of indexes';
  if (indexes !== isIndexModel(name))
    throw new UsageError(
      `invalid model: ${name}; ${dataset.name} has ${indexes ? `indexes: ${alternatives(indexModels)}` : `pictures: ${alternatives(pictureNetworks)}`}`,
    );
  if (indexes && weights !== undefined)
    throw new UsageError(
      `invalid weights: ${bare(weights)}; ${name} starts from random values, image networks read it`,
    );
  if (name === 'Ordinal' && activation_fn !== undefined)
    throw new UsageError(`invalid model.activation_fn: ${activation_fn}; Ordinal has none, leave the key out`);
  if (name === 'Ordinal' && use_normalization !== undefined)
    throw new UsageError(`invalid model.use_normalization: true; Ordinal does not normalise, leave the key out`);
  const transformer = name === 'ViT' || name === 'ViTS' || name === 'ViTTi';
  const size = pictureSize(preprocessing);
  if (transformer && size !== null && size !== VIT_SIZE)
    throw new UsageError(
      `invalid preprocessing.image_size: ${show(preprocessing.image_size ?? null)}; ${name} takes ${VIT_SIZE}`,
    );
}

/** Side of the pictures; null for indexes. */
function pictureSize({ name, image_size }: PreprocessingConfiguration): number | null {
  return name === 'IndexRemapPreprocessing' ? null : (image_size ?? defaultSizes[name]);
}

/** `a, b or c`. */
function alternatives(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
}

/** Checks what `evaluate` and `save-embeddings` read. */
function checkEvaluation(configuration: Configuration): void {
  const { dataset, preprocessing, evaluation_type, subset_name, model_uri, model_uris, embeddings } = configuration;
  if (evaluation_type === 'triplets') {
    if (!datasetTraits[dataset.name].kind.startsWith('triplets'))
      throw new UsageError(`invalid evaluation_type: triplets; ${dataset.name} has none: classes`);
    if (subset_name === 'all')
      throw new UsageError('invalid subset_name: all; triplets are of training, validation or test');
  }
  if (model_uri !== undefined && embeddings !== undefined)
    throw new UsageError(`invalid embeddings: ${embeddings} beside model_uri; evaluate takes one of the two`);
  const uris = [model_uri ?? [], model_uris === undefined ? [] : expandRunRange(model_uris)].flat();
  for (const uri of uris) checkNetwork(parseModelUri(uri).network, dataset, preprocessing);
  if (model_uri !== undefined && expandRunRange(model_uri).length > 1)
    throw new UsageError(`invalid model_uri: ${bare(model_uri)}; evaluate takes one run, no range`);
}
