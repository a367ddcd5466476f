import type { RandomStream } from '../random/stream.js';
import { cut } from './cut.js';

/**
 * Batches of items: in training a new random order each epoch, in evaluation the given order; the rest is a last smaller
 * batch in both.
 */
export class InstanceSampler {
  /**
   * @param instances `[n] int32`: items
   * @param random what the orders are drawn from (the reference's own draws are unseeded)
   */
  constructor(
    private readonly instances: Int32Array,
    private readonly batchSize: number,
    readonly random: RandomStream,
  ) {}

  get trainingBatches(): number {
    return Math.ceil(this.instances.length / this.batchSize);
  }

  /** The batches of one training epoch; draws the order. */
  trainingEpoch(): Int32Array[] {
    const order = this.random.permutation(this.instances.length);
    return cut(
      order.map((place) => this.instances[place]),
      this.batchSize,
    );
  }

  /** All items in order. */
  evaluationEpoch(): Int32Array[] {
    return cut(this.instances, this.batchSize);
  }
}
