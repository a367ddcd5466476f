import { z } from 'zod';
import { tripletColumns } from '../custom/custom-columns.js';
import { DataFolder } from '../data-folder.js';
import type { TripletDataset } from '../dataset.js';
import { makeItemTriplets, type ItemTriplets } from '../splits/item-triplets.js';
import { configuredRoot, locate } from '../../acquisition/locate.js';
import { listPictures, picturePath } from '../pictures.js';
import type { DatasetRequest } from '../../configuration/dataset-version.js';
import { parsePictureTriplets, pictureTable } from './yummly-triplets.js';

const PICTURES = 100;
const TRIPLETS_FILE = 'all-triplets.csv';
const INGREDIENTS_FILE = 'ingredients.json';
const PICTURE_FOLDER = 'images';

/** Food100 as it is stored, before the split: classes are dishes, or file names where the dish is not known. */
export type YummlyData = ItemTriplets;

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
  refuseHeader(folder, bytes);
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

/** Builds `YummlyTInd` (pictures optional), `YummlyTImg` or `YummlySE`. */
export function makeYummly(request: DatasetRequest, pictures: 'required' | 'optional'): TripletDataset {
  return makeItemTriplets(request, true, () =>
    readYummly(locate('yummly', request.raw_data_directory_name ?? configuredRoot('yummly')), pictures),
  );
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

/** Refuses a header, which the published file lacks: columns in another order would be other answers. */
function refuseHeader(folder: DataFolder, bytes: Buffer): void {
  const [line] = bytes.subarray(0, 400).toString('utf8').split('\n');
  if (tripletColumns(line.split(/[;,\t]/))?.named)
    throw folder.invalid(
      TRIPLETS_FILE,
      1,
      'a header; remove it, and give rows of the anchor, the near and the far picture',
    );
}

const ingredients = z.record(z.string(), z.object({ name: z.string().optional() }).nullable());

/** Reads the dish of each picture name without `.jpg`; null where the file is absent. */
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
