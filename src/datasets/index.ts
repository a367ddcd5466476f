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
export { classDatasets, datasets, type ClassDatasetFactory, type TripletDatasetFactory } from './registries.js';
export { makeClassDataset, makeDataset, makeTripletDataset } from './make-dataset.js';
export { fromTriplets, type TripletsInMemory } from './memory/from-triplets.js';
export { fromClasses, type ClassesInMemory } from './memory/from-classes.js';
export type { Images } from './memory/images.js';
export { nameLike, register, type OwnDataset } from './memory/own-dataset.js';
export type { Frame, TripletSource } from './memory/triplet-table.js';
