import { DataFolder } from '../data-folder.js';
import { splitAndConvert, type ClassSplitter, type Conversion } from '../splits/class-triplets.js';
import { pictureOf, type Item, type TripletDataset } from '../dataset.js';
import { classTripletsOf, type ClassTripletsOfPictures, type Contradictions } from './ihsj-class-triplets.js';
import { ihsjPaths, pictureNumber, readPictureClasses, readSynsetClasses, readTrialTriplets } from './ihsj-files.js';
import { configuredRoot, locate } from '../../acquisition/locate.js';
import { listPictures, picturePath } from '../pictures.js';
import { splitClassGroupsByClass, splitClassGroupsByClassSameTrainingValidation } from '../splits/splits.js';
import type { VersionOf } from '../../catalogue/datasets.js';
import { namesOf } from '../../catalogue/names.js';
import { parseVersion, type DatasetRequest } from '../../configuration/dataset-version.js';
import { requireTriplets } from '../splits/triplet-checks.js';

const SEED = 0;
const PICTURES = 50_000;
// Item triplets drawn from each class triplet: enough that nearly every picture occurs.
const REPETITIONS = 3;
const EXTENSION = '.JPEG';
const defaults = { contradictions: 'original' } as const;

interface VersionRule {
  readonly splitter: ClassSplitter;
  readonly conversion: Conversion;
}

const versions = {
  direct: { splitter: splitClassGroupsByClassSameTrainingValidation, conversion: 'all instances' },
  psycho: { splitter: splitClassGroupsByClassSameTrainingValidation, conversion: 'prototypes' },
  source_embedding: { splitter: splitClassGroupsByClass, conversion: 'all instances' },
} satisfies Record<VersionOf<'IHSJCSE'>, VersionRule>;

/** IHSJC as it is stored, before the split. */
export interface IhsjcData extends ClassTripletsOfPictures {
  readonly folder: DataFolder;
  readonly items: readonly Item[];
  readonly classNames: readonly string[];
  /** The items of each class, ascending. */
  readonly instancesPerClass: readonly Int32Array[];
  /** The number of triplets of pictures before they became triplets of classes. */
  readonly pictureTriplets: number;
  readonly notes: readonly string[];
}

/** The keys that are read of the `dataset` section. */
export interface IhsjcRequest extends DatasetRequest {
  readonly contradictions?: Contradictions;
}

/**
 * Reads the judgements of the 50,000 ImageNet validation pictures and makes triplets of classes from them.
 *
 * @param pictures with 'optional', a set without pictures has an item for each line of the labels
 * @throws UsageError where a file is missing or invalid, naming the line
 *
 * Source: Roads, Love 2021, "Enriching ImageNet with Human Similarity Judgments and Psychological Embeddings".
 */
export function readIhsjc(
  root: string,
  pictures: 'required' | 'optional',
  contradictions: Contradictions = defaults.contradictions,
): IhsjcData {
  const folder = new DataFolder(root, 'ihsj');
  const notes: string[] = [];
  const synsets = readSynsetClasses(folder);
  const classes = readPictureClasses(folder, synsets);
  const items = readItems(folder, classes, pictures, notes);
  const trials = readTrialTriplets(folder, classes.length);
  const lists: number[][] = synsets.names.map(() => []);
  for (const item of items) lists[item.class].push(item.index);
  const without = synsets.names.filter((_, c) => lists[c].length === 0);
  if (without.length > 0)
    throw folder.invalid(
      ihsjPaths.pictures,
      null,
      `${without.length} of ${synsets.names.length} classes have no pictures, the first is ${without[0]}; add them all or none`,
    );
  return {
    folder,
    items,
    classNames: synsets.names,
    instancesPerClass: lists.map((list) => Int32Array.from(list)),
    pictureTriplets: trials.length / 3,
    ...classTripletsOf(trials, classes, contradictions),
    notes,
  };
}

/** Builds `IHSJCTInd` (pictures optional), `IHSJCTImg` or `IHSJCSE`. */
export function makeIhsjc(request: IhsjcRequest, pictures: 'required' | 'optional'): TripletDataset {
  const version = parseVersion(request, namesOf(versions), false);
  const root = locate('ihsj', request.raw_data_directory_name ?? configuredRoot('ihsj'));
  const data = readIhsjc(root, pictures, request.contradictions);
  const { folder, items, classNames } = data;
  const { splitter, conversion }: VersionRule = versions[version.name];
  const made = splitAndConvert(data, splitter, conversion, SEED, REPETITIONS);
  requireTriplets(request.name, made.triplets, data.triplets.length / 3);
  return {
    name: request.name,
    directed: true,
    items,
    classNames,
    firstClass: 0,
    picture: pictureOf(request.name, items),
    prototypes: Int32Array.from(items, (item) => made.prototypePerClass[item.class]),
    triplets: made.triplets,
    classTriplets: data.triplets,
    instances: made.instances,
    random: made.random,
    facts: {
      root,
      files: folder.files,
      missing: folder.missing,
      counts: {
        items: items.length,
        pictures: items.filter((item) => item.file !== null).length,
        classes: classNames.length,
        picture_triplets: data.pictureTriplets,
        class_triplets: data.triplets.length / 3,
        repeats: data.repeats,
        contradictions: data.contradictions,
        training: made.triplets.training.length / 3,
        validation: made.triplets.validation.length / 3,
        test: made.triplets.test.length / 3,
      },
      notes: [...data.notes],
    },
  };
}

function readItems(
  folder: DataFolder,
  classes: Int32Array,
  pictures: 'required' | 'optional',
  notes: string[],
): Item[] {
  const names = listPictures(folder, ihsjPaths.pictures, EXTENSION);
  if (names.length === 0) {
    folder.missing.push(`${ihsjPaths.pictures}/*${EXTENSION}`);
    if (pictures === 'required') throw folder.missingFile(`${ihsjPaths.pictures}/*${EXTENSION}`);
    notes.push(`pictures are absent: items are the ${classes.length} lines of ${ihsjPaths.labels}`);
    return Array.from(classes, (c, index) => ({ file: null, class: c, index }));
  }
  if (names.length !== PICTURES) notes.push(`${names.length} pictures instead of ${PICTURES}`);
  return names.map((name, index) => {
    const number = pictureNumber(name);
    if (number === null || number >= classes.length)
      throw folder.invalid(
        `${ihsjPaths.pictures}/${name}`,
        null,
        `its number is none of the ${classes.length} lines of ${ihsjPaths.labels}`,
      );
    return { file: picturePath(folder, ihsjPaths.pictures, name), class: classes[number], index };
  });
}
