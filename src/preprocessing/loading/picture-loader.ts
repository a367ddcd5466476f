import { availableParallelism } from 'node:os';
import type { PreprocessingConfiguration } from '../../configuration/types.js';
import { UsageError } from '../../errors.js';
import { DecoderPool } from './decoder-pool.js';
import type { LoaderContext } from './image-batch-job.js';
import { Loading } from './loading.js';
import { BufferPool } from './buffer-pool.js';
import { PictureCache } from './picture-cache.js';
import type { PictureBatch, PictureRequest } from '../picture.js';
import { normalization, recipeOf, type Recipe } from '../recipe.js';

export interface PictureLoaderOptions {
  readonly preprocessing: PreprocessingConfiguration;
  /** The number of threads (default: one for each core, at most 8). */
  readonly workers?: number;
  /** Pictures are made ahead up to this many bytes, one for each colour of each pixel (default 128 MiB). */
  readonly aheadBytes?: number;
  /** Pictures of files are kept for the next evaluation up to this many bytes (default 512 MiB). */
  readonly cacheBytes?: number;
}

const defaults = { mostWorkers: 8, aheadBytes: 2 ** 27, cacheBytes: 2 ** 29 };

/**
 * Reads, resizes, augments and normalises pictures in threads, ahead of the computation.
 *
 * Batches come in the order of their requests and do not depend on the number of threads. Threads go on while the
 * calling thread computes, as far ahead as `aheadBytes` allows.
 */
export class PictureLoader {
  /** Side of the pictures, pixels. */
  readonly size: number;
  private readonly recipe: Recipe;
  private readonly context: LoaderContext;
  private readonly loadings = new Set<Loading>();
  private disposed = false;

  /** @throws UsageError where the preprocessing takes no pictures */
  constructor(private readonly options: PictureLoaderOptions) {
    this.recipe = recipeOf(options.preprocessing);
    this.size = this.recipe.size;
    const { workers = Math.min(availableParallelism(), defaults.mostWorkers), cacheBytes = defaults.cacheBytes } =
      options;
    if (!(Number.isInteger(workers) && workers >= 1))
      throw new UsageError(`invalid workers: ${workers}; give a positive integer`);
    this.context = {
      decoders: new DecoderPool(workers, this.recipe),
      buffers: new BufferPool(),
      cache: new PictureCache(cacheBytes),
      bytesEach: 3 * this.size ** 2,
    };
  }

  /**
   * Starts loading; each request becomes a batch.
   *
   * `next` throws UsageError where a picture cannot be read, under `on_bad_image: fail` (the default); under `skip`,
   * batches list such pictures.
   */
  load(requests: Iterable<PictureRequest>): AsyncIterableIterator<PictureBatch> {
    if (this.disposed) throw new Error('this picture loader has been disposed');
    const loading: Loading = new Loading(requests[Symbol.iterator](), this.context, {
      table: normalization(this.recipe),
      size: this.size,
      skips: this.options.preprocessing.on_bad_image === 'skip',
      aheadBytes: this.options.aheadBytes ?? defaults.aheadBytes,
      ended: () => this.loadings.delete(loading),
    });
    this.loadings.add(loading);
    return loading;
  }

  /** Stops all loading and ends the threads. */
  async dispose(): Promise<void> {
    this.disposed = true;
    await Promise.all([...this.loadings].map((loading) => loading.return()));
    await this.context.decoders.stop();
  }
}
