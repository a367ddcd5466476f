import type { DataFacts } from '../datasets/dataset.js';
import type { Engine } from '../engine/index.js';
import type { Learner } from './learner.js';
import type { LoopOptions, Sampler } from './loop.js';

/** What is to be learned from what: the part of training that differs between teachers and students. */
export interface Task<Batch> {
  readonly facts: DataFacts;
  readonly sampler: Sampler<Batch>;
  readonly validationBatches: LoopOptions<Batch>['validationBatches'];
  readonly validationWeights: LoopOptions<Batch>['validationWeights'];
  readonly describeBatch: LoopOptions<Batch>['describeBatch'];
  /** The models, on an engine; `fused` allows kernels of our own in place of tensor operations. */
  learner(engine: Engine, fused: boolean): Promise<Learner<Batch>>;
}
