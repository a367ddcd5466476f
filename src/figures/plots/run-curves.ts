import { metricNote } from '../../configuration/notes.js';
import type { RunRecord } from '../../training/runs/run-record.js';
import type { RunCurves } from './curves.js';

/** Returns the curves of a run's record. */
export const runCurves = ({ epochs, configuration }: RunRecord): RunCurves => ({
  trainingLoss: epochs.map((epoch) => epoch.training_loss),
  validationLoss: epochs.map((epoch) => epoch.validation_loss),
  metric: epochs.map((epoch) => epoch.metric),
  metricOverBatches: metricNote(configuration) !== undefined,
});
