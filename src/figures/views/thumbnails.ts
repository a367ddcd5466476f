import sharp from 'sharp';
import { classNameOf, type ItemDataset } from '../../datasets/dataset.js';
import { readPictureFile } from '../../preprocessing/picture-file.js';
import { type Picture, pictureSource } from '../pictures/picture.js';

/** The number of pictures read at the same time. */
const AT_ONCE = 16;

/** Small pictures of items, and how many could not be read. */
export interface Thumbnails {
  readonly pictures: Picture[];
  /** Items whose picture is absent or cannot be read: they have a name only. */
  readonly missing: number;
}

/** Names an item for people: its class, with a number where the class has several items. */
export function itemName(dataset: ItemDataset, item: number): string {
  const name = classNameOf(dataset, dataset.items[item]);
  return dataset.classNames.length < dataset.items.length ? `${name} (${item})` : name;
}

/** Draws an item's picture; undefined where the data set has none or it cannot be read. */
async function drawn(
  dataset: ItemDataset,
  item: number,
  draw: (picture: ReturnType<typeof sharp>) => ReturnType<typeof sharp>,
): Promise<Buffer | undefined> {
  try {
    const picture = dataset.picture(item);
    if ('file' in picture) return await draw(sharp((await readPictureFile(picture.file)).bytes).rotate()).toBuffer();
    const { data, width, height } = picture;
    return await draw(sharp(data, { raw: { width, height, channels: 3 } })).toBuffer();
  } catch {
    return undefined;
  }
}

/** Calls a function for each value, a few at the same time; results are in order. */
async function inTurns<T, R>(values: readonly T[], make: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < values.length; at += AT_ONCE)
    results.push(...(await Promise.all(values.slice(at, at + AT_ONCE).map(make))));
  return results;
}

/**
 * Returns items as small pictures, about 2 KB each at 96 pixels (WebP), or by name where a picture cannot be read.
 *
 * @param size longest side, pixels
 */
export async function thumbnails(dataset: ItemDataset, items: readonly number[], size: number): Promise<Thumbnails> {
  let missing = 0;
  const pictures = await inTurns(items, async (item): Promise<Picture> => {
    const name = itemName(dataset, item);
    const bytes = await drawn(dataset, item, (picture) =>
      picture.resize(size, size, { fit: 'inside' }).webp({ quality: 75 }),
    );
    if (bytes !== undefined) return { name, source: pictureSource(bytes, 'webp') };
    missing++;
    return { name };
  });
  return { pictures, missing };
}

/** Many pictures in one: row after row of square tiles. */
export interface Sheet {
  /** Data URI of a WebP picture. */
  readonly source: string;
  readonly columns: number;
  readonly tile: number;
  readonly missing: number;
}

/**
 * Returns items as the tiles of one picture, from which a canvas draws; tiles of unreadable pictures are grey.
 *
 * @param tile side of a tile, pixels
 */
export async function spriteSheet(dataset: ItemDataset, items: readonly number[], tile: number): Promise<Sheet> {
  const columns = Math.max(1, Math.ceil(Math.sqrt(items.length)));
  const rows = Math.max(1, Math.ceil(items.length / columns));
  const width = columns * tile;
  const pixels = Buffer.alloc(width * rows * tile * 3, 0xdd);
  let missing = 0;
  await inTurns([...items.keys()], async (at) => {
    const bytes = await drawn(dataset, items[at], (picture) =>
      picture
        .resize(tile, tile, { fit: 'contain', background: 'white' })
        .flatten({ background: 'white' })
        .toColourspace('srgb')
        .removeAlpha()
        .raw(),
    );
    if (bytes?.length !== tile * tile * 3) {
      missing++;
      return;
    }
    const start = (Math.floor(at / columns) * tile * width + (at % columns) * tile) * 3;
    for (let y = 0; y < tile; y++) bytes.copy(pixels, start + y * width * 3, y * tile * 3, (y + 1) * tile * 3);
  });
  const sheet = sharp(pixels, { raw: { width, height: rows * tile, channels: 3 } });
  return { source: pictureSource(await sheet.webp({ quality: 70 }).toBuffer(), 'webp'), columns, tile, missing };
}

/** Returns a sentence on pictures that could not be read, or an empty text. */
export const missingNote = (missing: number): string =>
  missing === 0 ? '' : ` ${missing} ${missing === 1 ? 'picture' : 'pictures'} could not be had: names stand for them.`;
