import type { DatasetConfiguration } from '../configuration/types.js';
import { UsageError } from '../errors.js';
import { isTripletDataset, type ClassDataset, type TripletDataset } from './dataset.js';
import { classDatasets, datasets, type ClassDatasetFactory, type TripletDatasetFactory } from './registries.js';
import { fewerTriplets } from './splits/fewer-triplets.js';

/**
 * Builds the data set of triplets that a configuration names.
 *
 * @throws UsageError where there is no such data set, its data are missing or invalid, or a subset is empty
 */
export function makeTripletDataset(dataset: DatasetConfiguration): TripletDataset {
  return fewerTriplets(
    factoryOf<TripletDatasetFactory>(datasets, dataset.name, 'triplets come from')(dataset),
    dataset,
  );
}

/**
 * Builds the data set of classes that a configuration names.
 *
 * @throws UsageError as `makeTripletDataset`
 */
export function makeClassDataset(dataset: DatasetConfiguration): ClassDataset {
  return factoryOf<ClassDatasetFactory>(classDatasets, dataset.name, 'classes come from')(dataset);
}

/**
 * Builds the data set that a configuration names, of either kind.
 *
 * @throws UsageError as `makeTripletDataset`
 */
export function makeDataset(dataset: DatasetConfiguration): TripletDataset | ClassDataset {
  const all = { ...datasets, ...classDatasets };
  const made = factoryOf<TripletDatasetFactory | ClassDatasetFactory>(all, dataset.name, 'there are')(dataset);
  return isTripletDataset(made) ? fewerTriplets(made, dataset) : made;
}

function factoryOf<Factory>(factories: Readonly<Record<string, Factory>>, name: string, words: string): Factory {
  if (Object.hasOwn(factories, name)) return factories[name];
  throw new UsageError(`unsupported dataset.name: ${name}; ${words} ${Object.keys(factories).join(', ')}`);
}
