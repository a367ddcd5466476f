import type { ClassDataset } from '../datasets/dataset.js';
import { PythonRandom } from '../random/python-random.js';
import { pythonSetOrder } from '../random/python-set.js';
import { splitBatches } from './split-batches.js';

const SEED = 0;

/**
 * Makes batches in which classes have several items each.
 *
 * Training has floor(n / batch size) batches. Each goes through the classes in a new random order and draws
 * min(perClass, size of the class) items of each until it is full, if needed through all classes again; it is cut to
 * the batch size. Evaluation cuts the validation items of each class into groups of `perClass` and puts the groups in
 * random order; the last batch may be smaller.
 *
 * Both draw from the data set's generator in the original's order: an epoch's training batches, then its evaluation
 * order.
 */
export class MPerClassSampler {
  readonly random: PythonRandom;
  private readonly training: Int32Array;
  private readonly classes: readonly Int32Array[];
  private readonly runs: readonly Int32Array[];
  private evaluation: readonly Int32Array[];

  /**
   * @param batchSize items
   * @param perClass items of a class that come together: `num_neighbors_per_instance` + 1
   */
  constructor(
    { items, instances, random }: Pick<ClassDataset, 'items' | 'instances' | 'random'>,
    private readonly batchSize: number,
    private readonly perClass: number,
  ) {
    const group = (indexes: Int32Array) => itemsByClass(indexes, (index) => items[index].class);
    this.random = random;
    this.training = instances.training;
    this.classes = group(instances.training);
    this.runs = group(instances.validation).flatMap((own) => splitBatches(own, perClass));
    // Before the first epoch nothing may be drawn from the data set's generator.
    this.evaluation = new PythonRandom(SEED).permutation(this.runs);
  }

  get trainingBatches(): number {
    return Math.floor(this.training.length / this.batchSize);
  }

  /** Draws and returns the batches of one training epoch, and then draws its evaluation order. */
  trainingEpoch(): Int32Array[] {
    const batches = Array.from({ length: this.trainingBatches }, () => this.trainingBatch());
    this.evaluation = this.random.permutation(this.runs);
    return batches;
  }

  /** Returns the validation batches in the order that the last training epoch drew; before that, in a fixed order. */
  evaluationEpoch(): Int32Array[] {
    return splitBatches(join(this.evaluation), this.batchSize);
  }

  private trainingBatch(): Int32Array {
    const { batchSize, perClass } = this;
    const batch = new Int32Array(batchSize);
    let filled = 0;
    while (filled < batchSize)
      for (const items of this.random.permutation(this.classes)) {
        const drawn = this.random.sampleIndexes(items.length, Math.min(perClass, items.length));
        for (let i = 0; i < drawn.length && filled < batchSize; i++) batch[filled++] = items[drawn[i]];
        if (filled === batchSize) break;
      }
    return batch;
  }
}

/** Returns the items of each class, in the given order; classes come in CPython's set order. */
function itemsByClass(items: Int32Array, classOf: (item: number) => number): Int32Array[] {
  const lists = new Map<number, number[]>();
  for (const item of items) {
    const list = lists.get(classOf(item));
    if (list === undefined) lists.set(classOf(item), [item]);
    else list.push(item);
  }
  return Array.from(pythonSetOrder(lists.keys()), (c) => Int32Array.from(lists.get(c)!));
}

function join(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
