import { UsageError } from '../errors.js';
import { checkDataset } from './dataset-rules.js';
import { bare, show } from './display.js';
import { checkLoss } from './loss-rules.js';
import { expandRunRange, parseModelUri } from './model-uri.js';
import { datasets } from '../catalogue/datasets.js';
import { isIndexModel, modelDeclaration, models } from '../catalogue/models.js';
import { namesOf } from '../catalogue/names.js';
import { preprocessingDeclaration, preprocessings } from '../catalogue/preprocessings.js';
import type { Configuration, DatasetConfiguration, NetworkConfiguration, PreprocessingConfiguration } from './types.js';
import { isTraining } from './types.js';

const [ofIndexes, ofPictures] = (['indexes', 'pictures'] as const).map((gives) =>
  namesOf(preprocessings).filter((name) => preprocessings[name].gives === gives),
);
const indexModels = () => namesOf(models).filter(isIndexModel);
const imageNetworks = () => namesOf(models).filter((name) => !isIndexModel(name));

/**
 * Refuses values that are valid alone but not together.
 *
 * @param place where the configuration comes from, for errors
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
  const indexes = datasets[dataset.name].kind === 'triplets of indexes';
  const { gives, imageSize, fixedSize } = preprocessingDeclaration(name);
  if (indexes !== (gives === 'indexes'))
    throw new UsageError(
      `invalid preprocessing: ${name}; ${dataset.name} has ${indexes ? `indexes, use ${alternatives(ofIndexes)}` : `pictures, use ${alternatives(ofPictures)}`}`,
    );
  if (indexes && on_bad_image !== undefined)
    throw new UsageError(
      `invalid preprocessing.on_bad_image: ${on_bad_image}; ${name} reads no pictures, leave the key out`,
    );
  if (fixedSize && (image_size ?? imageSize) !== imageSize)
    throw new UsageError(
      `invalid preprocessing.image_size: ${show(image_size)}; ${name} always makes pictures of ${imageSize}, leave the key out`,
    );
}

/** Refuses a network that does not fit the data set and the preprocessing. */
function checkNetwork(
  { name, weights, activation_fn, use_normalization }: NetworkConfiguration,
  dataset: DatasetConfiguration,
  preprocessing: PreprocessingConfiguration,
): void {
  const indexes = datasets[dataset.name].kind === 'triplets of indexes';
  if (indexes !== isIndexModel(name))
    throw new UsageError(
      `invalid model: ${name}; ${dataset.name} has ${indexes ? `indexes, use ${alternatives(indexModels())}` : `pictures, use ${alternatives(imageNetworks())}`}`,
    );
  const { parameters, imageSize } = modelDeclaration(name);
  if (weights !== undefined && !parameters.includes('weights'))
    throw new UsageError(
      `invalid weights: ${bare(weights)}; ${name} always starts from random values, leave the key out`,
    );
  if (indexes && activation_fn !== undefined && !parameters.includes('activation_fn'))
    throw new UsageError(`invalid model.activation_fn: ${activation_fn}; ${name} has none, leave the key out`);
  if (indexes && use_normalization !== undefined && !parameters.includes('use_normalization'))
    throw new UsageError(`invalid model.use_normalization: true; ${name} does not normalise, leave the key out`);
  const size = preprocessing.image_size ?? preprocessingDeclaration(preprocessing.name).imageSize;
  if (imageSize !== undefined && size !== imageSize)
    throw new UsageError(
      `invalid preprocessing.image_size: ${show(preprocessing.image_size ?? null)}; ${name} needs ${imageSize}`,
    );
}

/** Joins names as `a, b or c`. */
const alternatives = (names: readonly string[]): string => names.join(', ').replace(/, ([^,]*)$/, ' or $1');

/** Checks the keys that `evaluate` and `save-embeddings` read. */
function checkEvaluation(configuration: Configuration): void {
  const { dataset, preprocessing, evaluation_type, subset_name, model_uri, model_uris, embeddings } = configuration;
  if (evaluation_type === 'triplets') {
    if (!datasets[dataset.name].kind.startsWith('triplets'))
      throw new UsageError(`invalid evaluation_type: triplets; ${dataset.name} has no triplets, use classes`);
    if (subset_name === 'all')
      throw new UsageError('invalid subset_name: all; triplets belong to a subset, use training, validation or test');
  }
  if (model_uri !== undefined && embeddings !== undefined)
    throw new UsageError(`invalid embeddings: ${embeddings} beside model_uri; give only one of the two`);
  const uris = [model_uri ?? [], model_uris === undefined ? [] : expandRunRange(model_uris)].flat();
  for (const uri of uris) checkNetwork(parseModelUri(uri).network, dataset, preprocessing);
  if (model_uri !== undefined && expandRunRange(model_uri).length > 1)
    throw new UsageError(`invalid model_uri: ${bare(model_uri)}; evaluate needs one run, not a range`);
}
