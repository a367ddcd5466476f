import { RandomStream } from '../random/stream.js';
import type { Augmentation } from './picture.js';

/** The number of uniform draws for a picture; src/preprocessing/assembly/pictures.ts says what each is for. */
export const DRAWS = 27;

/**
 * Returns the draws for augmenting pictures in training.
 *
 * Each picture has its own stream, named by seed, epoch and position, so that draws do not depend on how pictures are
 * divided into requests and among threads.
 *
 * @param count the number of pictures
 * @returns `[count, 27] float64`, uniform in [0, 1)
 */
export function augmentationDraws({ seed, epoch, first }: Augmentation, count: number): Float64Array {
  const draws = new Float64Array(count * DRAWS);
  for (let i = 0; i < count; i++) {
    const stream = new RandomStream(seed, 'augmentation', epoch, first + i);
    for (let j = 0; j < DRAWS; j++) draws[i * DRAWS + j] = stream.uniform();
  }
  return draws;
}
