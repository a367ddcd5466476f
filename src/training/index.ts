export { differingInput, startingWeights, type Inputs } from './input-digests.js';
export { readInputs, train, trainRuns, type TrainOptions, type TrainingUpdate } from './train.js';
export { TrainingInterrupted } from './train-group.js';
export { lockRun, RunLockedError, lockHolder } from './runs/run-lock.js';
export { contentKey, runKey, runSettings } from './runs/run-settings.js';
export { readRunRecord, type EpochRecord, type RunRecord, type RunStatus } from './runs/run-record.js';
export { duration, ProgressBar } from './progress-bar.js';
export type { Progress } from './loop.js';
export type { Learner, NamedArrays } from './learner.js';
