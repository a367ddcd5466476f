import type { RandomStream } from '../random/stream.js';
import { splitBatches } from './split-batches.js';

/**
 * Makes batches of items: in training in a new random order each epoch, in evaluation in the given order. The last
 * batch may be smaller.
 */
export class InstanceSampler {
  /**
   * @param instances `[n] int32`: items
   * @param random what the orders are drawn from (the original's own draws are unseeded)
   */
  constructor(
    private readonly instances: Int32Array,
    private readonly batchSize: number,
    readonly random: RandomStream,
  ) {}

  get trainingBatches(): number {
    return Math.ceil(this.instances.length / this.batchSize);
  }

  /** Draws the order of a training epoch and returns its batches. */
  trainingEpoch(): Int32Array[] {
    const order = this.random.permutation(this.instances.length);
    return splitBatches(
      order.map((place) => this.instances[place]),
      this.batchSize,
    );
  }

  /** Returns the batches of all items in the given order. */
  evaluationEpoch(): Int32Array[] {
    return splitBatches(this.instances, this.batchSize);
  }
}
