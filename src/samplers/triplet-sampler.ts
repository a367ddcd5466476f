import type { PythonRandom } from '../random/python-random.js';
import { cut } from './cut.js';

/**
 * Batches of triplets: in training a new random order each epoch, only whole batches; in evaluation the given order
 * and the rest as a last smaller batch.
 */
export class TripletSampler {
  private readonly batch: number; // triplets

  /**
   * @param triplets `[m, 3] int32`
   * @param batchSize items of a batch, three to a triplet
   * @param random the generator in the state that the split of the data left it in, as the reference draws on
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

  /** The batches of one training epoch; draws the order. */
  trainingEpoch(): Int32Array[] {
    const order = this.random.sampleIndexes(this.triplets.length / 3, this.triplets.length / 3);
    const ordered = new Int32Array(this.trainingBatches * this.batch * 3);
    for (let i = 0; i < ordered.length; i += 3) {
      const from = 3 * order[i / 3];
      ordered[i] = this.triplets[from];
      ordered[i + 1] = this.triplets[from + 1];
      ordered[i + 2] = this.triplets[from + 2];
    }
    return cut(ordered, 3 * this.batch);
  }

  /** All triplets in order. */
  evaluationEpoch(): Int32Array[] {
    return cut(this.triplets, 3 * this.batch);
  }
}
