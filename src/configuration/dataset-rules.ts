import { datasetParameters, datasets, readsParameter, type DatasetName } from '../catalogue/datasets.js';
import { namesOf } from '../catalogue/names.js';
import { parseVersion } from './dataset-version.js';
import { UsageError } from '../errors.js';
import { bare, show } from './display.js';
import type { DatasetConfiguration } from './types.js';

const learnsTriplets = (name: DatasetName) => datasets[name].kind.startsWith('triplets');

/**
 * Refuses a `dataset` section that does not fit its data set.
 *
 * @param training is the section for training, and not only for evaluation?
 * @throws UsageError
 */
export function checkDataset(dataset: DatasetConfiguration, training: boolean, place: string): void {
  const { name, version } = dataset;
  const { kind, versions, splits, origin } = datasets[name];
  parseVersion(dataset, versions, splits);
  if (dataset.different_splits) {
    if (!splits)
      throw new UsageError(`invalid dataset.different_splits: true; ${name} has only one split, leave the key out`);
    if (version.includes('~'))
      throw new UsageError(
        `invalid dataset.version: ${bare(version)}; dataset.different_splits=true adds the seed (~0, ~1, ...) itself, so leave it out or set different_splits=false`,
      );
  }
  for (const key of namesOf(datasetParameters)) {
    const value = dataset[key];
    if (value !== undefined && value !== null && !readsParameter(name, key))
      throw new UsageError(
        `invalid dataset.${key}: ${show(value)}; it is for ${datasetParameters[key]}, not for ${name}: leave the key out`,
      );
  }
  if (origin === 'custom' && dataset.raw_data_directory_name === null)
    throw new UsageError(
      `missing dataset.raw_data_directory_name in ${place}; ${name} needs a folder with ${kind === 'classes' ? 'images/CLASS/' : 'images/ and triplets.csv'}`,
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
      `missing dataset.num_neighbors_per_instance in ${place}; a batch has this many pictures of each class, plus one`,
    );
}
