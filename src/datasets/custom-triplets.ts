import type { TripletDataset } from './dataset.js';
import { customFolder, PICTURE_FOLDER, picturesBelow } from './custom-folder.js';
import { readCustomTriplets, TRIPLETS_FILE } from './custom-triplets-file.js';
import { makeItemTriplets, type ItemTriplets } from './item-triplets.js';
import { picturePath } from './pictures.js';
import type { DatasetRequest } from './versions.js';

const defaults = { directed: true };
const LAYOUT = `${PICTURE_FOLDER}/ (jpg, jpeg, png or webp) and ${TRIPLETS_FILE}`;

/** What is read of the `dataset` section. */
export interface CustomTripletsRequest extends DatasetRequest {
  /** Is the first of a row the anchor, or else the last the odd one out? */
  readonly directed?: boolean;
}

/**
 * Reads a user's own triplets: pictures in `images/` sorted by path, each its own class, and `triplets.csv`.
 *
 * Pictures in no triplet can be embedded, and are in no subset: teachers would have nothing but their random start to
 * say of them.
 *
 * @throws UsageError where there are no pictures, or a row does not name three of them
 */
export function readCustomData(request: DatasetRequest): ItemTriplets {
  const folder = customFolder(request, LAYOUT);
  const pictures = picturesBelow(folder, PICTURE_FOLDER);
  if (pictures.length === 0) throw folder.missingFile(`${PICTURE_FOLDER}/*.jpg`);
  const { triplets, byNumber, notes } = readCustomTriplets(folder, pictures);
  const repeated = triplets.length / 3 - distinct(triplets, pictures.length);
  const known = Int32Array.from(new Set(triplets)).sort();
  const unlabelled = pictures.length - known.length;
  return {
    folder,
    items: pictures.map((path, index) => ({ file: picturePath(folder, PICTURE_FOLDER, path), class: index, index })),
    classNames: pictures,
    triplets,
    known,
    notes: [
      ...notes,
      ...(byNumber ? ['pictures go by their numbers in sorted order'] : []),
      ...(unlabelled > 0 ? [`pictures in no triplet, and so in no subset: ${unlabelled}`] : []),
    ],
    counts: { repeated },
  };
}

/** Builds `CustomTripletsTImg`, `CustomTripletsTInd` or `CustomTripletsSE`, split by picture as Yummly is. */
export function makeCustomTriplets(request: CustomTripletsRequest): TripletDataset {
  return makeItemTriplets(request, request.directed ?? defaults.directed, () => readCustomData(request));
}

/** How many different triplets there are. */
function distinct(triplets: Int32Array, items: number): number {
  const seen = new Set<number>();
  // Pairs of items with the third as the number's other half: exact for up to 200,000 items.
  for (let i = 0; i < triplets.length; i += 3)
    seen.add((triplets[i] * items + triplets[i + 1]) * items + triplets[i + 2]);
  return seen.size;
}
