import type { TrainingConfiguration } from '../configuration/types.js';
import type { DataFacts } from '../datasets/dataset.js';
import type { Engine } from '../engine/types.js';
import type { Inputs } from './input-digests.js';
import type { Learner, NamedArrays } from './learner.js';
import type { Sampler } from './loop.js';

/** The part of training that differs between teachers and image networks: data, sampler and models. */
export interface Task<Batch> {
  readonly facts: DataFacts;
  /** Digests of what was read. */
  readonly inputs: Inputs;
  readonly sampler: Sampler<Batch>;
  /** Names a batch in an error. */
  readonly describeBatch: (batch: Batch) => string;
  /** Makes the models on an engine; `fused` allows kernels of our own in place of tensor operations. */
  learner(engine: Engine, options: LearnerOptions): Promise<Learner<Batch>>;
}

export interface LearnerOptions {
  readonly fused: boolean;
  readonly log: (line: string) => void;
  /** Whether the norms of gradients are wanted, which cost a pass over them. */
  readonly measure: boolean;
  /** The models' saved states, which they will be given at once: what they start from need not exist any more. */
  readonly resumed: readonly (NamedArrays | undefined)[];
}

/**
 * Makes the task of configurations that are alike except for `run.id`; throws a UsageError before anything is written.
 *
 * @param base where relative folders start
 */
export type TaskFactory = (configurations: readonly TrainingConfiguration[], base: string) => Task<Int32Array>;
