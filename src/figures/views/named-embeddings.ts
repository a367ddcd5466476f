import { UsageError } from '../../errors.js';
import { correctTriplets } from '../../metrics/index.js';
import { requireFinite } from '../../metrics/finite-rows.js';
import { squaredDistance } from '../../metrics/squared-distance.js';
import type { ItemDataset } from '../../datasets/dataset.js';

/**
 * Embeddings of a data set's items, with their displayed name: `[items, size] float32`; a row of NaN has no embedding.
 */
export interface NamedEmbeddings {
  readonly name: string;
  readonly data: Float32Array;
  readonly size: number;
}

/**
 * Checks embeddings.
 *
 * @throws UsageError where they lack a row for an item, or a row has some numbers that are not finite
 */
export function checkEmbeddings(dataset: ItemDataset, embeddings: readonly NamedEmbeddings[]): void {
  for (const { name, data, size } of embeddings)
    if (data.length !== dataset.items.length * size)
      throw new UsageError(
        `invalid embeddings: ${name} has ${data.length / size} rows; ${dataset.name} has ${dataset.items.length} items, give a row for each`,
      );
  for (const model of embeddings) {
    const { name, data, size } = model;
    const used = Array.from(dataset.items.keys()).filter((item) => isEmbedded(model, item));
    requireFinite(data, size, { used, what: `embeddings of ${name}` });
  }
}

/** Does an item have an embedding? Otherwise its row is NaN. */
function isEmbedded({ data, size }: NamedEmbeddings, item: number): boolean {
  for (let at = item * size; at < (item + 1) * size; at++) if (!Number.isNaN(data[at])) return true;
  return false;
}

/** Returns the items of a list that all embeddings have a row for. */
export function embeddedItems(embeddings: readonly NamedEmbeddings[], items: Iterable<number>): number[] {
  return [...items].filter((item) => embeddings.every((model) => isEmbedded(model, item)));
}

/** Returns the Euclidean distance of two items. */
export function distanceOf({ data, size }: NamedEmbeddings, i: number, j: number): number {
  return Math.sqrt(squaredDistance(data, i * size, j * size, size));
}

/** Returns a model's answers to triplets: `[m]`, 1 right, 0 wrong, 2 where it lacks an item. */
export function answersOf(model: NamedEmbeddings, triplets: Int32Array, directed: boolean): Uint8Array {
  const { data, size } = model;
  const asked = Array.from({ length: triplets.length / 3 }, (_, t) => t).filter((t) =>
    [0, 1, 2].every((k) => isEmbedded(model, triplets[3 * t + k])),
  );
  const correct = correctTriplets(
    data,
    size,
    Int32Array.from(asked.flatMap((t) => [...triplets.subarray(3 * t, 3 * t + 3)])),
    directed,
  );
  const answers = new Uint8Array(triplets.length / 3).fill(2);
  asked.forEach((t, i) => (answers[t] = correct[i]));
  return answers;
}
