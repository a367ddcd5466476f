import type { ClassDatasetName, TripletDatasetName } from '../catalogue/datasets.js';
import type { DatasetConfiguration } from '../configuration/types.js';
import { UsageError } from '../errors.js';
import { makeCars } from './sets/cars.js';
import { makeCub } from './sets/cub.js';
import { makeCustomClasses } from './custom/custom-classes.js';
import { makeCustomTriplets } from './custom/custom-triplets.js';
import { isTripletDataset, type ClassDataset, type TripletDataset } from './dataset.js';
import { fewerTriplets } from './splits/fewer-triplets.js';
import { makeIhsjc } from './sets/ihsjc.js';
import { makeSop } from './sets/sop.js';
import { syntheticDataset } from './synthetic/synthetic.js';
import { makeThings } from './sets/things.js';
import { makeYummly } from './sets/yummly.js';

export { bySubset, classNameOf, isTripletDataset, labelledTriplets, subsets } from './dataset.js';
export type {
  BySubset,
  ClassDataset,
  DataFacts,
  Item,
  ItemDataset,
  Picture,
  Subset,
  TripletDataset,
} from './dataset.js';
export type { AnswerPersons } from './custom/triplet-rows.js';
export { DATA_VARIABLE, findRoot, locate, type Source } from '../acquisition/locate.js';
export { readManifest, type Manifest } from '../acquisition/manifest.js';
export { loadSourceEmbeddings, type SourceEmbeddings, type TeacherEmbeddings } from './source-embeddings.js';
export { readCustomData } from './custom/custom-triplets.js';
export { answerProbabilities } from './synthetic/synthetic-triplets.js';
export { classCounts } from './counts/class-counts.js';
export {
  tripletCeiling,
  type CeilingOptions,
  type Estimate,
  type PersonAgreement,
  type TripletCeiling,
} from './ceiling/ceiling.js';
export {
  describeEstimate,
  describeStatistics,
  tripletStatistics,
  type TripletStatistics,
} from './counts/triplet-statistics.js';
export { writeCustomTriplets, type WriteCustomTripletsOptions } from './custom/write-custom-triplets.js';
export { syntheticDataset, type SyntheticDataset } from './synthetic/synthetic.js';

/** Builds a data set from the `dataset` section of a configuration. */
export type TripletDatasetFactory = (dataset: DatasetConfiguration) => TripletDataset;
export type ClassDatasetFactory = (dataset: DatasetConfiguration) => ClassDataset;

/**
 * The data sets of triplets by their names in configurations: Img = of pictures, Ind = of their indexes, SE = of
 * pictures with teachers' embeddings.
 */
export const datasets = {
  ThingsTImg: (dataset) => makeThings(dataset, 'required'),
  ThingsTInd: (dataset) => makeThings(dataset, 'optional'),
  ThingsSE: (dataset) => makeThings(dataset, 'required'),
  IHSJCTImg: (dataset) => makeIhsjc(dataset, 'required'),
  IHSJCTInd: (dataset) => makeIhsjc(dataset, 'optional'),
  IHSJCSE: (dataset) => makeIhsjc(dataset, 'required'),
  YummlyTImg: (dataset) => makeYummly(dataset, 'required'),
  YummlyTInd: (dataset) => makeYummly(dataset, 'optional'),
  YummlySE: (dataset) => makeYummly(dataset, 'required'),
  CustomTripletsTImg: makeCustomTriplets,
  CustomTripletsTInd: makeCustomTriplets,
  CustomTripletsSE: makeCustomTriplets,
  SyntheticTImg: syntheticDataset,
  SyntheticTInd: syntheticDataset,
  SyntheticSE: syntheticDataset,
} satisfies Record<TripletDatasetName, TripletDatasetFactory>;

/** The data sets of classes by their names in configurations. */
export const classDatasets = {
  CUBSEC: makeCub,
  CARSSEC: makeCars,
  SOPSEC: makeSop,
  CustomClassesSEC: makeCustomClasses,
} satisfies Record<ClassDatasetName, ClassDatasetFactory>;

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
