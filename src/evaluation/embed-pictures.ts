import type { Embedder } from '../backbones/index.js';
import type { PreprocessingConfiguration } from '../configuration/types.js';
import type { ItemDataset } from '../datasets/index.js';
import { Interrupted, UsageError } from '../errors.js';
import { ambientSignal } from '../interruption.js';
import { brokenRows } from '../metrics/index.js';
import { cut } from '../samplers/cut.js';
import { embedMicroBatches } from '../training/images/micro-batches.js';
import { ImageBatchLoader } from '../training/images/image-batch-loader.js';
import { wantedPictures } from '../training/images/wanted-pictures.js';

/** Pictures that go through a network at once when no gradient is needed. */
const PIECE = 16;

export interface PictureEmbeddings {
  /** `[items of the data set, size] float32`; rows of items that were not asked for or cannot be read are NaN. */
  readonly data: Float32Array;
  readonly size: number;
  /** Items whose pictures cannot be read. */
  readonly unreadable: ReadonlySet<number>;
  /** Notes about pictures that were left out. */
  readonly notes: readonly string[];
}

export interface EmbedPicturesOptions {
  readonly preprocessing: PreprocessingConfiguration;
  /** The items to embed (default: all). */
  readonly items?: Int32Array;
  /** Stops the work. In a notebook, interrupting the cell does. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of pictures that are done. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/**
 * Embeds pictures of a data set by an image network, without augmentation.
 *
 * @throws UsageError where a picture cannot be read and `on_bad_image` is not `skip`, where none can be read, or where
 *   an embedding is not finite
 */
export async function embedPictures(
  backbone: Embedder,
  dataset: ItemDataset,
  { preprocessing, items, signal = ambientSignal(), onProgress }: EmbedPicturesOptions,
): Promise<PictureEmbeddings> {
  const all = items ?? Int32Array.from(dataset.items, ({ index }) => index);
  const wanted = wantedPictures(dataset, [all], preprocessing);
  const loader = new ImageBatchLoader(dataset, { preprocessing, wanted, microBatchSize: PIECE, seed: 0, together: 1 });
  const size = backbone.embeddingSize;
  const data = new Float32Array(dataset.items.length * size).fill(NaN);
  const unreadable = new Set(all);
  let done = 0;
  try {
    for await (const { items: read, microBatches } of loader.inference(cut(all, PIECE))) {
      const rows = await embedMicroBatches(backbone, microBatches, false, async () => new Promise(setImmediate));
      const [broken] = brokenRows(rows, size);
      if (broken !== undefined)
        throw new UsageError(
          `broken network: its embedding of ${dataset.items[read[broken]].file ?? `item ${read[broken]}`} is infinite or NaN; train it again with a lower optimization.initial_learning_rate`,
        );
      for (const item of read) unreadable.delete(item);
      read.forEach((item, i) => {
        data.set(rows.subarray(i * size, (i + 1) * size), item * size);
      });
      done += read.length;
      onProgress?.(done, all.length);
      if (signal?.aborted)
        throw new Interrupted(`interrupted after ${done} of ${all.length} pictures; run the same command again`);
    }
    if (done === 0 && all.length > 0)
      throw new UsageError(`none of ${all.length} pictures of ${dataset.name} can be read; check its folder`);
    return { data, size, unreadable, notes: loader.notes() };
  } finally {
    await loader.dispose();
  }
}
