import * as tf from '../../tf.js';
import type { Backbone } from '../../backbones/index.js';
import type { TrainingConfiguration } from '../../configuration/types.js';
import { asOutOfMemory } from '../../engine/index.js';
import { recoverEngine } from '../../engine/recover.js';
import { UsageError } from '../../errors.js';

/**
 * Holds how many pictures go through the network at once, and lowers the number when memory runs out.
 *
 * Without `optimization.micro_batch_size`, training goes on with half as many, and the results are the same up to
 * rounding. With it, or where the rows of a batch depend on each other, training ends, and the error names a number
 * that fits: it was tried on the same batch.
 */
export class MicroBatchLimit {
  private lowered = false;

  constructor(
    private readonly configuration: TrainingConfiguration,
    private readonly backbone: Pick<Backbone, 'usesBatchStatistics'>,
    private most: number,
  ) {}

  /**
   * Does work that takes at most this many pictures at once.
   *
   * @throws UsageError where memory runs out and the number may not be lowered; nothing has changed then
   */
  async within<T extends tf.TensorContainer>(work: (most: number) => Promise<T>): Promise<T> {
    for (;;)
      try {
        return await work(this.most);
      } catch (error) {
        const { micro_batch_size } = this.configuration.optimization;
        const memory = asOutOfMemory(error, 'the engine');
        if (memory === undefined) throw error;
        recoverEngine();
        const fitting = this.most === 1 ? 0 : Math.ceil(this.most / 2);
        if (fitting === 0 || this.backbone.usesBatchStatistics || micro_batch_size !== undefined)
          throw await this.explain(memory.place, memory.reason, fitting, work);
        this.most = fitting;
        this.lowered = true;
      }
  }

  /** Returns what readers of a run's record must know. */
  notes(): readonly string[] {
    const { batch_size } = this.configuration.dataset;
    if (this.most >= batch_size) return [];
    const why = this.lowered ? ', since more did not fit in memory' : '';
    return [`pictures at once: batches go through the network ${this.most} pictures at a time${why}`];
  }

  /** Finds a number that fits by trying, whatever it computes. */
  private async explain(
    place: string,
    reason: string,
    first: number,
    work: (most: number) => Promise<tf.TensorContainer>,
  ): Promise<UsageError> {
    const { dataset, model } = this.configuration;
    const where = `out of memory on ${place} with ${this.most} pictures at once of dataset.batch_size ${dataset.batch_size}`;
    if (this.backbone.usesBatchStatistics)
      return new UsageError(
        `${where}: ${reason}; batch normalisation of ${model.name} needs them all at once, lower dataset.batch_size to ` +
          `${Math.floor(this.most / 2)}, or set model.frozen_variables=bn, which allows micro-batches`,
      );
    for (let most = first; most >= 1; most = most === 1 ? 0 : Math.ceil(most / 2))
      try {
        tf.dispose(await work(most));
        return new UsageError(
          `${where}: ${reason}; optimization.micro_batch_size=${most} fits, run the same command with it: it goes on from the last checkpoint`,
        );
      } catch (error) {
        if (asOutOfMemory(error, place) === undefined) throw error;
        recoverEngine();
      }
    return new UsageError(`${where}: ${reason}; not even one picture fits, take a smaller model or another engine`);
  }
}
