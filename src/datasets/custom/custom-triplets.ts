import type { TripletDataset } from '../dataset.js';
import { customFolder, PICTURE_FOLDER, picturesBelow } from './custom-folder.js';
import { distinctTriplets } from '../splits/distinct-triplets.js';
import { readCustomTriplets, TRIPLETS_FILE } from './custom-triplets-file.js';
import { makeItemTriplets, type ItemTriplets } from '../splits/item-triplets.js';
import { picturePath } from '../pictures.js';
import type { DatasetRequest } from '../../configuration/dataset-version.js';

const defaults = { directed: true };
const LAYOUT = `${PICTURE_FOLDER}/ (jpg, jpeg, png or webp) and ${TRIPLETS_FILE}`;

/** The keys that are read of the `dataset` section. */
export interface CustomTripletsRequest extends DatasetRequest {
  /** Is the first item of a row the anchor? Otherwise the last is the odd one out. */
  readonly directed?: boolean;
}

/**
 * Reads a user's own triplets: pictures in `images/` sorted by path, each its own class, and `triplets.csv`.
 *
 * Pictures in no triplet can be embedded but are in no subset: teachers learn nothing about them, and would give their
 * random start.
 *
 * @throws UsageError where there are no pictures, or a row does not name three of them
 */
export function readCustomData(request: CustomTripletsRequest): ItemTriplets {
  const folder = customFolder(request, LAYOUT);
  const pictures = picturesBelow(folder, PICTURE_FOLDER);
  if (pictures.length === 0) throw folder.missingFile(`${PICTURE_FOLDER}/*.jpg`);
  const { triplets, directed, notes, persons } = readCustomTriplets(folder, pictures);
  const repeated = triplets.length / 3 - distinctTriplets(triplets);
  const inTriplet = new Uint8Array(pictures.length);
  for (const picture of triplets) inTriplet[picture] = 1;
  const known = Int32Array.from(pictures.keys()).filter((picture) => inTriplet[picture]);
  const unlabelled = pictures.length - known.length;
  return {
    folder,
    items: pictures.map((path, index) => ({ file: picturePath(folder, PICTURE_FOLDER, path), class: index, index })),
    classNames: pictures,
    triplets,
    known,
    notes: [
      ...notes,
      ...kindNotes(directed, request.directed ?? defaults.directed),
      ...(unlabelled > 0 ? [`pictures in no triplet, and so in no subset: ${unlabelled}`] : []),
    ],
    ...(persons === undefined ? {} : { persons }),
    counts: { repeated },
  };
}

/** Builds `CustomTripletsTImg`, `CustomTripletsTInd` or `CustomTripletsSE`, split by picture as Yummly is. */
export function makeCustomTriplets(request: CustomTripletsRequest): TripletDataset {
  return makeItemTriplets(request, request.directed ?? defaults.directed, () => readCustomData(request));
}

/** Notes where a header and the configuration disagree on the kind of question. */
function kindNotes(named: boolean | null, wanted: boolean): string[] {
  if (named === null || named === wanted) return [];
  const problem = named
    ? 'an anchor, and dataset.directed is false: the far picture is taken as the odd one out'
    : 'an odd one and no anchor, and dataset.directed is true: the first of the two others is taken as the anchor';
  return [`the header of ${TRIPLETS_FILE} names ${problem}`];
}
