import sharp from 'sharp';
import { classNameOf, type ItemDataset } from '../../datasets/dataset.js';
import { type Picture, pictureSource } from './picture.js';
import { thumbnail } from './thumbnail.js';

/**
 * Returns an item of a data set to show: its picture, small enough for a notebook, and the name of its class.
 *
 * @param size longest side, pixels
 * @throws UsageError where the pictures are absent
 */
export async function itemPicture(dataset: ItemDataset, item: number, size: number): Promise<Picture> {
  const picture = dataset.picture(item);
  const name = classNameOf(dataset, dataset.items[item]);
  if ('file' in picture) return { name, source: await thumbnail(picture.file, size) };
  const { data, width, height } = picture;
  const small = sharp(data, { raw: { width, height, channels: 3 } }).resize(size, size, { fit: 'inside' });
  return { name, source: pictureSource(await small.png().toBuffer(), 'png') };
}

/** Returns triplets of a data set as pictures, for `tripletsHtml`. */
export function tripletPictures(
  dataset: ItemDataset,
  triplets: Int32Array,
  size: number,
): Promise<[Picture, Picture, Picture][]> {
  const at = (i: number): Promise<Picture> => itemPicture(dataset, triplets[i], size);
  return Promise.all(
    Array.from({ length: triplets.length / 3 }, (_, t) => Promise.all([at(3 * t), at(3 * t + 1), at(3 * t + 2)])),
  );
}
