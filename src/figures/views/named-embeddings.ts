import { UsageError } from '../../errors.js';
import { squaredDistance } from '../../metrics/squared-distance.js';
import type { ItemDataset } from '../../datasets/dataset.js';

/** Embeddings of a data set's items with the name they are shown under: `[items, size] float32`; NaN where there is none. */
export interface NamedEmbeddings {
  readonly name: string;
  readonly data: Float32Array;
  readonly size: number;
}

/** @throws UsageError where embeddings have not a row for each item */
export function checkEmbeddings(dataset: ItemDataset, embeddings: readonly NamedEmbeddings[]): void {
  for (const { name, data, size } of embeddings)
    if (data.length !== dataset.items.length * size)
      throw new UsageError(
        `invalid embeddings: ${name} has ${data.length / size} rows; ${dataset.name} has ${dataset.items.length} items`,
      );
}

/** The items of a list that every one of the embeddings has a row for. */
export function embeddedItems(embeddings: readonly NamedEmbeddings[], items: Iterable<number>): number[] {
  return [...items].filter((item) => embeddings.every(({ data, size }) => Number.isFinite(data[item * size])));
}

/** Euclidean distance of two items. */
export function distanceOf({ data, size }: NamedEmbeddings, i: number, j: number): number {
  return Math.sqrt(squaredDistance(data, i * size, j * size, size));
}
