import { RandomStream } from '../random/stream.js';
import type { Augmentation } from './picture.js';

/** Uniform draws that a picture's augmentation takes; src/preprocessing/assembly/pictures.ts says which is for what. */
export const DRAWS = 27;

/**
 * The draws of pictures in training.
 *
 * Each picture has a stream of its own, named by seed, epoch and position, so they do not depend on how pictures are
 * cut into requests or shared among threads.
 *
 * @param count pictures
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
