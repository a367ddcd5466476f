import sharp from 'sharp';
import { UsageError } from '../../errors.js';
import { reasonOf } from '../../preprocessing/decoding/decode.js';
import { readPictureFile } from '../../preprocessing/picture-file.js';
import { pictureSource } from './picture.js';

/**
 * Returns a picture file as a data URI, reduced to a size that fits in a notebook.
 *
 * @param size longest side, pixels
 * @throws UsageError where it cannot be read
 */
export async function thumbnail(file: string, size: number): Promise<string> {
  try {
    const { bytes } = await readPictureFile(file);
    const small = sharp(bytes).rotate().resize(size, size, { fit: 'inside', withoutEnlargement: true });
    return pictureSource(await small.jpeg({ quality: 80 }).toBuffer(), 'jpeg');
  } catch (error) {
    throw new UsageError(`unreadable picture: ${file}: ${reasonOf(error)}; replace it`);
  }
}
