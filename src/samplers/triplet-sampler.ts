import type { PythonRandom } from '../random/python-random.js';
import { splitBatches } from './split-batches.js';

/**
 * Makes batches of triplets: in training only whole batches in a new random order each epoch, in evaluation in the
 * given order, where the last batch may be smaller.
 */
export class TripletSampler {
  private readonly batch: number; // triplets

  /**
   * @param triplets `[m, 3] int32`
   * @param batchSize items of a batch, three to a triplet
   * @param random the generator in the state in which splitting the data left it, as in the original
   */
  constructor(
    private readonly triplets: Int32Array,
    batchSize: number,
    readonly random: PythonRandom,
  ) {
    this.batch = batchSize / 3;
  }

  get trainingBatches(): number {
    return Math.floor(this.triplets.length / 3 / this.batch);
  }

  /** Draws the order of a training epoch and returns its batches. */
  trainingEpoch(): Int32Array[] {
    const order = this.random.sampleIndexes(this.triplets.length / 3, this.triplets.length / 3);
    const ordered = new Int32Array(this.trainingBatches * this.batch * 3);
    for (let i = 0; i < ordered.length; i += 3) {
      const from = 3 * order[i / 3];
      ordered[i] = this.triplets[from];
      ordered[i + 1] = this.triplets[from + 1];
      ordered[i + 2] = this.triplets[from + 2];
    }
    return splitBatches(ordered, 3 * this.batch);
  }

  /** Returns the batches of all triplets in the given order. */
  evaluationEpoch(): Int32Array[] {
    return splitBatches(this.triplets, 3 * this.batch);
  }
}
