import { resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import type { Picture } from '../dataset.js';

/** Holds a picture of each item: the path of a file, or pixels `[height, width, 3] uint8`, RGB. */
export type Images = readonly (string | Picture)[];

/** @throws UsageError where a picture is missing or its pixels do not fit its sides */
export function checkImages(images: Images, items: number, name: string): void {
  if (images.length !== items)
    throw new UsageError(`invalid images of ${name}: ${images.length}; it has ${items} items, give a picture of each`);
  for (const [i, image] of images.entries()) {
    if (typeof image === 'string' || 'file' in image) continue;
    const { width, height, data } = image;
    if (!(data instanceof Uint8Array) || data.length !== 3 * width * height)
      throw new UsageError(
        `invalid image of item ${i} of ${name}: ${data.length} values; ${width} x ${height} pixels take ${3 * width * height}`,
      );
  }
}

/** Makes `ItemDataset.picture` for pictures in memory. */
export function imageItems(images: Images, name: string): (index: number) => Picture {
  return (index) => {
    const image = images.at(Number.isInteger(index) && index >= 0 ? index : images.length);
    if (image === undefined)
      throw new UsageError(`invalid item: ${index}; ${name} has ${images.length}, counted from 0`);
    return typeof image === 'string' ? { file: resolve(image) } : image;
  };
}
