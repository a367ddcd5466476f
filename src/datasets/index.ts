import type { DatasetConfiguration } from '../configuration/types.js';
import { UsageError } from '../errors.js';
import type { TripletDataset } from './dataset.js';
import { syntheticDataset } from './synthetic.js';
import { makeThings } from './things.js';
import { makeYummly } from './yummly.js';

export { bySubset, subsets } from './dataset.js';
export type { BySubset, DataFacts, Item, Subset, TripletDataset } from './dataset.js';
export { DATA_VARIABLE, findRoot, locate, type Source } from './locate.js';
export { readManifest, type Manifest } from './manifest.js';
export { answerProbabilities } from './synthetic-triplets.js';
export { syntheticDataset, type SyntheticDataset } from './synthetic.js';

/** Builds a data set from the `dataset` section of a configuration. */
export type TripletDatasetFactory = (dataset: DatasetConfiguration) => TripletDataset;

/** The data sets of triplets by their names in configurations: Img = of pictures, Ind = of their indexes. */
export const datasets = {
  ThingsTImg: (dataset) => makeThings(dataset, 'required'),
  ThingsTInd: (dataset) => makeThings(dataset, 'optional'),
  YummlyTImg: (dataset) => makeYummly(dataset, 'required'),
  YummlyTInd: (dataset) => makeYummly(dataset, 'optional'),
  SyntheticTImg: syntheticDataset,
  SyntheticTInd: syntheticDataset,
} satisfies Record<string, TripletDatasetFactory>;

/**
 * The data set that a configuration names.
 *
 * @throws UsageError where there is no such data set, its data are missing or invalid, or a subset is empty
 */
export function makeTripletDataset(dataset: DatasetConfiguration): TripletDataset {
  const factories: Readonly<Record<string, TripletDatasetFactory | undefined>> = datasets;
  const factory = Object.hasOwn(datasets, dataset.name) ? factories[dataset.name] : undefined;
  if (factory === undefined)
    throw new UsageError(
      `unsupported dataset.name: ${dataset.name}; triplets come from ${Object.keys(datasets).join(', ')}`,
    );
  return factory(dataset);
}
