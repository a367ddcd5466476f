import { DataFolder } from '../data-folder.js';
import { splitAndConvert, type ClassSplitter, type Conversion } from '../splits/class-triplets.js';
import { pictureOf, type Item, type TripletDataset } from '../dataset.js';
import { parseIndexTriplets } from '../index-triplets.js';
import { configuredRoot, locate } from '../../acquisition/locate.js';
import { listFolders, listPictures, picturePath } from '../pictures.js';
import {
  splitClassGroupsByClass,
  splitClassGroupsByClassSameTrainingValidation,
  splitClassTripletsThingsStyle,
} from '../splits/splits.js';
import { readConcepts, readRemap, readTestClasses } from './things-files.js';
import type { VersionOf } from '../../catalogue/datasets.js';
import { namesOf } from '../../catalogue/names.js';
import { parseVersion, type DatasetRequest } from '../../configuration/dataset-version.js';
import { repeatNotes, requireTriplets } from '../splits/triplet-checks.js';

const SEED = 0;
const PICTURES = 26107;
// Item triplets drawn from each class triplet: enough that nearly every picture occurs.
const REPETITIONS = 2;
const PICTURE_FOLDER = 'Main';
const TRIPLET_FILES = ['train90', 'test10'].map((part) => `Revealing/triplets/data1854_baseline_${part}.txt`);

/** THINGS as it is stored, before the split. */
export interface ThingsData {
  readonly folder: DataFolder;
  /** Pictures, or one item for each concept where there are none. */
  readonly items: readonly Item[];
  /** Unique ids of the concepts, in the order of `things_concepts.tsv`. */
  readonly classNames: readonly string[];
  /** The items of each concept, ascending. */
  readonly instancesPerClass: readonly Int32Array[];
  /** `[3m]`: concepts, the odd one out last, in the order of the files. */
  readonly classTriplets: Int32Array;
  readonly notes: readonly string[];
}

interface VersionRule {
  readonly conversion: Conversion;
  splitter(data: ThingsData): ClassSplitter;
}

const versions = {
  direct: { conversion: 'all instances', splitter: () => splitClassGroupsByClassSameTrainingValidation },
  psycho: { conversion: 'prototypes', splitter: () => splitClassGroupsByClassSameTrainingValidation },
  source_embedding: { conversion: 'all instances', splitter: () => splitClassGroupsByClass },
  quasi_original: {
    conversion: 'prototypes',
    splitter: ({ folder, classNames }) => {
      const testClasses = readTestClasses(folder, classNames);
      return (triplets, classes, random) => splitClassTripletsThingsStyle(triplets, classes, testClasses, random);
    },
  },
} satisfies Record<VersionOf<'ThingsSE'>, VersionRule>;

/**
 * Reads THINGS: concepts, pictures sorted by path, and the odd-one-out triplets of concepts.
 *
 * @param pictures with 'optional', a set without pictures has one item for each concept
 * @throws UsageError where a file is missing or invalid, naming the line; one of the two triplet files may be absent
 *
 * Source: Hebart et al. 2019 (pictures), 2020 (triplets).
 */
export function readThings(root: string, pictures: 'required' | 'optional'): ThingsData {
  const folder = new DataFolder(root, 'things');
  const notes: string[] = [];
  const classNames = readConcepts(folder);
  const items = readItems(folder, classNames, pictures, notes);
  const classTriplets = readTriplets(folder, readRemap(folder, classNames.length), notes);
  const lists: number[][] = classNames.map(() => []);
  for (const item of items) lists[item.class].push(item.index);
  const instancesPerClass = lists.map((list) => Int32Array.from(list));
  return { folder, items, classNames, instancesPerClass, classTriplets, notes };
}

/** Builds `ThingsTInd` (pictures optional), `ThingsTImg` or `ThingsSE`. */
export function makeThings(request: DatasetRequest, pictures: 'required' | 'optional'): TripletDataset {
  const version = parseVersion(request, namesOf(versions), false);
  const root = locate('things', request.raw_data_directory_name ?? configuredRoot('things'));
  const data = readThings(root, pictures);
  const { folder, items, classNames, instancesPerClass, classTriplets } = data;
  const rule: VersionRule = versions[version.name];
  const source = { triplets: classTriplets, instancesPerClass };
  const made = splitAndConvert(source, rule.splitter(data), rule.conversion, SEED, REPETITIONS);
  requireTriplets(request.name, made.triplets, classTriplets.length / 3);
  return {
    name: request.name,
    directed: false,
    items,
    classNames,
    firstClass: 0,
    picture: pictureOf(request.name, items),
    prototypes: Int32Array.from(items, (item) => made.prototypePerClass[item.class]),
    triplets: made.triplets,
    classTriplets,
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
        class_triplets: classTriplets.length / 3,
        training: made.triplets.training.length / 3,
        validation: made.triplets.validation.length / 3,
        test: made.triplets.test.length / 3,
      },
      notes: [...data.notes, ...(version.name === 'quasi_original' ? [] : repeatNotes(classTriplets))],
    },
  };
}

function readItems(
  folder: DataFolder,
  classNames: readonly string[],
  pictures: 'required' | 'optional',
  notes: string[],
): Item[] {
  const classOf = new Map(classNames.map((name, index) => [name, index]));
  const items: Item[] = [];
  const seen = new Set<number>();
  for (const concept of listFolders(folder, PICTURE_FOLDER)) {
    const conceptFolder = `${PICTURE_FOLDER}/${concept}`;
    const index = classOf.get(concept);
    if (index === undefined)
      throw folder.invalid(
        conceptFolder,
        null,
        `no concept of ${PICTURE_FOLDER}/things_concepts.tsv; move it elsewhere`,
      );
    for (const picture of listPictures(folder, conceptFolder, '.jpg')) {
      items.push({ file: picturePath(folder, conceptFolder, picture), class: index, index: items.length });
      seen.add(index);
    }
  }
  if (items.length === 0) {
    folder.missing.push(`${PICTURE_FOLDER}/*/*.jpg`);
    if (pictures === 'required') throw folder.missingFile(`${PICTURE_FOLDER}/*/*.jpg`);
    notes.push(`pictures are absent: one instance a concept (${classNames.length} items instead of ${PICTURES})`);
    return classNames.map((_, c) => ({ file: null, class: c, index: c }));
  }
  const without = classNames.filter((_, c) => !seen.has(c));
  if (without.length > 0)
    throw folder.invalid(
      PICTURE_FOLDER,
      null,
      `${without.length} of ${classNames.length} concepts have no pictures, the first is ${without[0]}; add them all or none`,
    );
  if (items.length !== PICTURES) notes.push(`${items.length} pictures instead of ${PICTURES}`);
  return items;
}

function readTriplets(folder: DataFolder, remap: Int32Array, notes: string[]): Int32Array {
  const parts: Int32Array[] = [];
  for (const file of TRIPLET_FILES) {
    const bytes = folder.readIfThere(file);
    if (bytes === null) notes.push(`${file} is absent: only the triplets of the other file are used`);
    else parts.push(parseIndexTriplets(bytes, remap, folder, file));
  }
  if (parts.length === 0) throw folder.missingFile(TRIPLET_FILES.join(' or '));
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
