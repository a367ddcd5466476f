import * as tf from '../../src/tf.js';
import { chooseEngine, OutOfMemory } from '../../src/engine/index.js';
import { recoverEngine } from '../../src/engine/recover.js';
import { loadAddon } from '../../src/engine/torch/addon.js';
import { answer } from '../benchmarks/child.js';

// Fills a device with tensors until there is no memory left for another.

export interface Filled {
  readonly gibibytes: number;
  readonly message: string;
  /** A number of a product that is computed afterwards: of 8 terms 2 x 2, 32. */
  readonly after: number;
}

const SHARE = 0.25; // GiB
const MOST = 4096; // tensors

void answer(async ({ engine, limit }: { engine: string; limit?: number }): Promise<Filled> => {
  await chooseEngine({ useGpu: false, engine });
  if (limit !== undefined) loadAddon().limitMemory(limit * 2 ** 30);
  const filled: tf.Tensor[] = [];
  let message = `no error after ${MOST * SHARE} GiB`;
  try {
    while (filled.length < MOST) filled.push(tf.fill([SHARE * 2 ** 28], 1));
  } catch (error) {
    if (!(error instanceof OutOfMemory)) throw error;
    ({ message } = error);
  }
  const gibibytes = filled.length * SHARE;
  tf.dispose(filled);
  recoverEngine();
  const after = tf.tidy(() => tf.matMul(tf.fill([2, 8], 2), tf.fill([8, 2], 2)).dataSync()[3]);
  return { gibibytes, message, after };
});
