import { cut } from '../../samplers/cut.js';
import type { YieldPoint } from '../learner.js';
import type { EmbeddingNetwork } from './micro-batches.js';
import type { ImageBatchLoader } from './image-batch-loader.js';

/** Embeddings of the pictures that batches name. */
export interface DistinctEmbeddings {
  /** A batch's items, without the groups of rows in which a picture cannot be read. */
  readable(batch: Int32Array): Int32Array;
  /** `[n, d] float32` of n items that can be read. */
  rows(items: Int32Array): Float32Array;
}

/**
 * Embeds the pictures of batches without augmentation, each once however often the batches name it: triplets name
 * few pictures many times, and what is not augmented is embedded the same every time.
 */
export async function embedDistinct(
  network: EmbeddingNetwork,
  loader: ImageBatchLoader,
  batches: readonly Int32Array[],
  yieldPoint: YieldPoint,
): Promise<DistinctEmbeddings> {
  const { microBatchSize, together } = loader.options;
  const items = distinctOf(batches);
  const d = network.embeddingSize;
  const data = new Float32Array(items.length * d);
  const rowOf = new Map<number, number>();
  for await (const fed of loader.inference(cut(items, microBatchSize * network.width))) {
    data.set(await network.embed(fed.microBatches, false, yieldPoint), rowOf.size * d);
    for (const item of fed.items) rowOf.set(item, rowOf.size);
  }
  return {
    readable(batch) {
      if (batch.every((item) => rowOf.has(item))) return batch;
      const whole = cut(batch, together).filter((group) => group.every((item) => rowOf.has(item)));
      return Int32Array.from(whole.flatMap((group) => [...group]));
    },
    rows(wanted) {
      const rows = new Float32Array(wanted.length * d);
      wanted.forEach((item, i) => {
        const row = rowOf.get(item)!;
        rows.set(data.subarray(row * d, (row + 1) * d), i * d);
      });
      return rows;
    },
  };
}

/** In the order in which they first come. */
function distinctOf(batches: readonly Int32Array[]): Int32Array {
  const items = new Set<number>();
  for (const batch of batches) for (const item of batch) items.add(item);
  return Int32Array.from(items);
}
