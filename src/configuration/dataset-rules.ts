import { parseVersion } from './dataset-version.js';
import { UsageError } from '../errors.js';
import { bare, show } from './display.js';
import { datasetTraits } from './names.js';
import type { DatasetName } from './names.js';
import type { DatasetConfiguration } from './types.js';

const isSynthetic = (name: DatasetName) => datasetTraits[name].synthetic;
const isIhsjc = (name: DatasetName) => name.startsWith('IHSJC');
const isCustom = (name: DatasetName) => name.startsWith('Custom');
const isClasses = (name: DatasetName) => datasetTraits[name].kind === 'classes';
const learnsTriplets = (name: DatasetName) => datasetTraits[name].kind.startsWith('triplets');
const hasTeachers = (name: DatasetName) => isClasses(name) || datasetTraits[name].kind === 'source embeddings';

type OwnKey =
  | 'num_items'
  | 'num_triplets'
  | 'answers_per_question'
  | 'directed'
  | 'temperature'
  | 'data_seed'
  | 'num_training_triplets'
  | 'contradictions'
  | 'num_neighbors_per_instance'
  | 'source_embeddings_id';

/** Keys that only some data sets read: elsewhere they would change nothing, unnoticed. */
export const datasetReaders: Record<OwnKey, readonly [reads: (name: DatasetName) => boolean, whose: string]> = {
  num_items: [isSynthetic, 'synthetic sets'],
  num_triplets: [isSynthetic, 'synthetic sets'],
  answers_per_question: [isSynthetic, 'synthetic sets'],
  directed: [
    (name) => isSynthetic(name) || (isCustom(name) && !isClasses(name)),
    'synthetic and custom sets of triplets',
  ],
  temperature: [isSynthetic, 'synthetic sets'],
  data_seed: [isSynthetic, 'synthetic sets'],
  num_training_triplets: [learnsTriplets, 'sets that train on triplets'],
  contradictions: [isIhsjc, 'IHSJC'],
  num_neighbors_per_instance: [isClasses, 'class sets'],
  source_embeddings_id: [hasTeachers, 'sets with source embeddings'],
};

/**
 * Refuses a `dataset` section that its data set cannot serve.
 *
 * @param training is it to train on, and not only to evaluate on?
 * @throws UsageError
 */
export function checkDataset(dataset: DatasetConfiguration, training: boolean, place: string): void {
  const { name, version } = dataset;
  const { kind, versions, splits } = datasetTraits[name];
  parseVersion(dataset, versions, splits);
  if (dataset.different_splits) {
    if (!splits) throw new UsageError(`invalid dataset.different_splits: true; ${name} has one split only`);
    if (version.includes('~'))
      throw new UsageError(
        `invalid dataset.version: ${bare(version)}; different_splits adds ~0, ~1 and so on: give it without, or different_splits=false`,
      );
  }
  for (const [key, [reads, whose]] of Object.entries(datasetReaders) as [OwnKey, (typeof datasetReaders)[OwnKey]][]) {
    const value = dataset[key];
    if (value !== undefined && value !== null && !reads(name))
      throw new UsageError(`invalid dataset.${key}: ${show(value)}; only ${whose} read it, not ${name}`);
  }
  if (isCustom(name) && dataset.raw_data_directory_name === null)
    throw new UsageError(
      `missing dataset.raw_data_directory_name in ${place}; ${name} takes a folder with ${isClasses(name) ? 'images/CLASS/' : 'images/ and triplets.csv'}`,
    );
  if (!training) return;
  if (learnsTriplets(name) && dataset.batch_size % 3 !== 0)
    throw new UsageError(`invalid batch_size: ${dataset.batch_size}; triplets need a multiple of 3`);
  if (kind === 'source embeddings')
    for (const key of ['data_directory_name', 'source_embeddings_id'] as const)
      if (dataset[key] === undefined || dataset[key] === null)
        throw new UsageError(
          `missing dataset.${key} in ${place}; ${name} learns from data_directory_name/embeddings_<source_embeddings_id>.npz`,
        );
  if (kind === 'classes' && dataset.num_neighbors_per_instance === undefined)
    throw new UsageError(
      `missing dataset.num_neighbors_per_instance in ${place}; a batch takes this many pictures of a class and one more`,
    );
}
