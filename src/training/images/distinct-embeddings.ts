import { splitBatches } from '../../samplers/split-batches.js';
import type { YieldPoint } from '../learner.js';
import type { EmbeddingNetwork } from './micro-batches.js';
import type { ImageBatchLoader } from './image-batch-loader.js';

/** Embeddings of the pictures that batches contain. */
export interface DistinctEmbeddings {
  /** Returns a batch's items without the groups of rows in which a picture cannot be read. */
  readable(batch: Int32Array): Int32Array;
  /** Returns the embeddings of n readable items, `[n, d] float32`. */
  rows(items: Int32Array): Float32Array;
}

/**
 * Embeds the pictures of batches without augmentation. Each picture is embedded once, however often it occurs: triplets
 * repeat few pictures many times, and without augmentation the embedding is the same every time.
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
  for await (const fed of loader.inference(splitBatches(items, microBatchSize * network.width))) {
    data.set(await network.embed(fed.microBatches, false, yieldPoint), rowOf.size * d);
    for (const item of fed.items) rowOf.set(item, rowOf.size);
  }
  return {
    readable(batch) {
      if (batch.every((item) => rowOf.has(item))) return batch;
      const whole = splitBatches(batch, together).filter((group) => group.every((item) => rowOf.has(item)));
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

/** Returns the different items in the order of their first occurrence. */
function distinctOf(batches: readonly Int32Array[]): Int32Array {
  const items = new Set<number>();
  for (const batch of batches) for (const item of batch) items.add(item);
  return Int32Array.from(items);
}
