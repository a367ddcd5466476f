import sharp from 'sharp';
import { pictureSource } from './picture.js';

/**
 * A picture file, made small enough to be part of a notebook, as a data URI.
 *
 * @param size longest side, pixels
 */
export async function thumbnail(file: string, size: number): Promise<string> {
  const small = sharp(file).rotate().resize(size, size, { fit: 'inside', withoutEnlargement: true });
  return pictureSource(await small.jpeg({ quality: 80 }).toBuffer(), 'jpeg');
}
