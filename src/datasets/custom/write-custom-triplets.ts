import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { readPictureFile } from '../../preprocessing/picture-file.js';
import { UsageError } from '../../errors.js';
import { makeFolder, writeFileAtomic } from '../../files.js';
import { PICTURE_FOLDER } from './custom-folder.js';
import { TRIPLETS_FILE } from './custom-triplets-file.js';
import { bySubset, type TripletDataset } from '../dataset.js';

export interface WriteCustomTripletsOptions {
  /** `[3m]` items (default: those of all subsets, training first). */
  readonly triplets?: Int32Array;
  /** The number of items, the last ones, that get pictures and no triplets (default 0). */
  readonly unlabelled?: number;
}

/**
 * Writes a data set in the form of a user's own data: `images/item-007.png`, `triplets.csv` with a header and a row for
 * each triplet.
 *
 * @param folder is made if it does not exist
 * @throws UsageError where it has pictures already, or the data set has none
 */
export async function writeCustomTriplets(
  folder: string,
  dataset: TripletDataset,
  { triplets = allOf(dataset), unlabelled = 0 }: WriteCustomTripletsOptions = {},
): Promise<void> {
  const pictures = join(folder, PICTURE_FOLDER);
  if (existsSync(pictures)) throw new UsageError(`invalid folder: ${pictures} is there already; choose another one`);
  makeFolder(pictures);
  const { length } = dataset.items;
  const digits = String(length - 1).length;
  // Sorted by name they are in the order of the items.
  const nameOf = (item: number): string => `item-${String(item).padStart(digits, '0')}.png`;
  for (let item = 0; item < length; item++) {
    const picture = dataset.picture(item);
    const image =
      'file' in picture
        ? sharp((await readPictureFile(picture.file)).bytes).rotate()
        : sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 3 } });
    writeFileAtomic(join(pictures, nameOf(item)), await image.png().toBuffer());
  }
  const rows = [`anchor,near,${dataset.directed ? 'far' : 'odd'}`];
  for (let i = 0; i < triplets.length; i += 3) {
    const row = Array.from(triplets.subarray(i, i + 3));
    if (row.every((item) => item < length - unlabelled)) rows.push(row.map(nameOf).join());
  }
  writeFileAtomic(join(folder, TRIPLETS_FILE), `${rows.join('\n')}\n`);
}

function allOf({ triplets }: TripletDataset): Int32Array {
  return Int32Array.from(Object.values(bySubset((subset) => Array.from(triplets[subset]))).flat());
}
