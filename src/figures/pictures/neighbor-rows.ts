import type { ItemDataset } from '../../datasets/dataset.js';
import { neighborsOf } from '../../evaluation/nearest-neighbors.js';
import { itemPicture } from './item-picture.js';
import type { Neighbors } from './neighbors.js';

export interface NeighborRowsOptions {
  /** The number of neighbours of each item. */
  k?: number;
  /** The items that may be neighbours (default: all). */
  among?: ArrayLike<number>;
  /** Longest side of a picture, pixels. */
  size?: number;
}

const defaults = { k: 6, size: 80 };

/** Returns items with their neighbours in each embedding, for `neighborsHtml`: one embedding below the other. */
export async function neighborRows(
  dataset: ItemDataset,
  embeddings: readonly { readonly name: string; readonly data: Float32Array; readonly size: number }[],
  items: Iterable<number>,
  options: NeighborRowsOptions = {},
): Promise<Neighbors[]> {
  const { k, among, size } = { ...defaults, ...options };
  const rows = [...items].flatMap((item) =>
    embeddings.map(async ({ name, data, size: width }): Promise<Neighbors> => ({
      query: await itemPicture(dataset, item, size),
      embedding: name,
      neighbors: await Promise.all(
        neighborsOf(data, width, item, k, among).map(async (near) => ({
          ...(await itemPicture(dataset, near.item, size)),
          distance: near.distance,
        })),
      ),
    })),
  );
  return Promise.all(rows);
}
