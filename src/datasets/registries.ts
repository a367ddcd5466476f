import type { ClassDatasetName, TripletDatasetName } from '../catalogue/datasets.js';
import { open } from '../catalogue/open.js';
import type { DatasetConfiguration } from '../configuration/types.js';
import { makeCars } from './sets/cars.js';
import { makeCub } from './sets/cub.js';
import { makeCustomClasses } from './custom/custom-classes.js';
import { makeCustomTriplets } from './custom/custom-triplets.js';
import { makeIhsjc } from './sets/ihsjc.js';
import { makeSop } from './sets/sop.js';
import { syntheticDataset } from './synthetic/synthetic.js';
import { makeThings } from './sets/things.js';
import { makeYummly } from './sets/yummly.js';
import type { ClassDataset, TripletDataset } from './dataset.js';

/** Builds a data set from the `dataset` section of a configuration. */
export type TripletDatasetFactory = (dataset: DatasetConfiguration) => TripletDataset;
export type ClassDatasetFactory = (dataset: DatasetConfiguration) => ClassDataset;

/**
 * The data sets of triplets by their names in configurations: Img = of pictures, Ind = of their indexes, SE = of
 * pictures with teachers' embeddings.
 */
export const datasets: Readonly<Record<TripletDatasetName, TripletDatasetFactory>> = open({
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
});

/** The data sets of classes by their names in configurations. */
export const classDatasets: Readonly<Record<ClassDatasetName, ClassDatasetFactory>> = open({
  CUBSEC: makeCub,
  CARSSEC: makeCars,
  SOPSEC: makeSop,
  CustomClassesSEC: makeCustomClasses,
});
