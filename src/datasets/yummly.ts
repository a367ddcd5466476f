import { z } from 'zod';
import { PythonRandom } from '../random/python-random.js';
import { DataFolder } from './data-folder.js';
import type { Item, TripletDataset } from './dataset.js';
import { configuredRoot, locate } from './locate.js';
import { listPictures, picturePath } from './pictures.js';
import { splitGroupsByInstance, splitGroupsByInstanceSameTrainingValidation } from './splits.js';
import { parseVersion, repeatNotes, requireTriplets, type DatasetRequest } from './versions.js';
import { parsePictureTriplets, pictureTable } from './yummly-triplets.js';

const PICTURES = 100;
const TRIPLETS_FILE = 'all-triplets.csv';
const INGREDIENTS_FILE = 'ingredients.json';
const PICTURE_FOLDER = 'images';

const splitters = {
  direct: splitGroupsByInstanceSameTrainingValidation,
  psycho: splitGroupsByInstanceSameTrainingValidation,
  source_embedding: splitGroupsByInstance,
};

/** Food100 as it lies on the disk: nothing split yet. */
export interface YummlyData {
  readonly folder: DataFolder;
  readonly items: readonly Item[];
  /** The dish of each picture, its file name where the dish is not known. */
  readonly classNames: readonly string[];
  /** `[3m]`: anchor, near, far; repeats kept, in the order of the file. */
  readonly triplets: Int32Array;
  readonly notes: readonly string[];
}

/**
 * Reads Food100: pictures sorted by name, each its own class, and the triplets between them.
 *
 * @param pictures with 'optional', a set without pictures has an item for each name in the other files
 * @throws UsageError where a file is missing or invalid, naming the line
 *
 * Source: Wilber, Kwak, Belongie 2014, "Cost-Effective HITs for Relative Similarity Comparisons".
 */
export function readYummly(root: string, pictures: 'required' | 'optional'): YummlyData {
  const folder = new DataFolder(root, 'yummly');
  const bytes = folder.read(TRIPLETS_FILE);
  const dishes = readDishes(folder);
  const files = listPictures(folder, PICTURE_FOLDER, '.jpg');
  const notes: string[] = [];
  if (dishes === null) notes.push(`${INGREDIENTS_FILE} is absent: dishes go by the names of their pictures`);
  if (files.length === 0) {
    folder.missing.push(`${PICTURE_FOLDER}/*.jpg`);
    if (pictures === 'required') throw folder.missingFile(`${PICTURE_FOLDER}/*.jpg`);
    notes.push('pictures are absent: items are the names in the other files');
  } else if (files.length !== PICTURES) notes.push(`${files.length} pictures instead of ${PICTURES}`);
  const { stems, triplets } =
    files.length > 0 ? readWithPictures(folder, bytes, files) : readWithoutPictures(folder, bytes, dishes);
  return {
    folder,
    items: stems.map((stem, index) => ({
      file: files.length > 0 ? picturePath(folder, PICTURE_FOLDER, `${stem}.jpg`) : null,
      class: index,
      index,
    })),
    classNames: stems.map((stem) => dishes?.get(stem) ?? stem),
    triplets,
    notes,
  };
}

/** Builds `YummlyTInd` (pictures optional) or `YummlyTImg`. */
export function makeYummly(request: DatasetRequest, pictures: 'required' | 'optional'): TripletDataset {
  const version = parseVersion(request, Object.keys(splitters) as (keyof typeof splitters)[], true);
  const root = locate('yummly', request.raw_data_directory_name ?? configuredRoot('yummly'));
  const { folder, items, classNames, triplets, notes } = readYummly(root, pictures);
  const random = new PythonRandom(version.seed);
  const identity = Int32Array.from(items, (item) => item.index);
  const split = splitters[version.name](triplets, identity, random);
  requireTriplets(request.name, split.groups, triplets.length / 3);
  return {
    name: request.name,
    directed: true,
    items,
    classNames,
    prototypes: identity,
    triplets: split.groups,
    instances: split.elements,
    random,
    facts: {
      root,
      files: folder.files,
      missing: folder.missing,
      counts: {
        items: items.length,
        pictures: items.filter((item) => item.file !== null).length,
        triplets: triplets.length / 3,
        training: split.groups.training.length / 3,
        validation: split.groups.validation.length / 3,
        test: split.groups.test.length / 3,
      },
      notes: [...notes, ...repeatNotes(triplets)],
    },
  };
}

function readWithPictures(folder: DataFolder, bytes: Buffer, files: readonly string[]) {
  const stems = files.map((file) => file.slice(0, -'.jpg'.length));
  return { stems, triplets: parsePictureTriplets(bytes, pictureTable(stems), false, folder, TRIPLETS_FILE) };
}

function readWithoutPictures(folder: DataFolder, bytes: Buffer, dishes: ReadonlyMap<string, string> | null) {
  const table = dishes === null ? pictureTable() : pictureTable(dishes.keys());
  const found = parsePictureTriplets(bytes, table, true, folder, TRIPLETS_FILE);
  const stems = [...table.names].sort();
  const place = new Map(stems.map((stem, index) => [stem, index]));
  const renumbered = Int32Array.from(table.names, (stem) => place.get(stem)!);
  return { stems, triplets: found.map((number) => renumbered[number]) };
}

const ingredients = z.record(z.string(), z.object({ name: z.string().optional() }).nullable());

/** Dish by picture name without `.jpg`; null where the file is absent. */
function readDishes(folder: DataFolder): Map<string, string> | null {
  const bytes = folder.readIfThere(INGREDIENTS_FILE);
  if (bytes === null) return null;
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw folder.invalid(INGREDIENTS_FILE, null, 'not JSON');
  }
  const parsed = ingredients.safeParse(json);
  if (!parsed.success) throw folder.invalid(INGREDIENTS_FILE, null, 'not an object of dishes by picture');
  const dishes = new Map<string, string>();
  for (const [file, dish] of Object.entries(parsed.data)) {
    const stem = file.replace(/\.jpg$/, '');
    dishes.set(stem, dish?.name ?? stem);
  }
  return dishes;
}
