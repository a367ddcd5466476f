import type { RunRecord } from '../../training/runs/run-record.js';
import { type CurveOptions, trainingCurves } from '../plots/curves.js';
import { liveFigure } from './display.js';
import { runCurves } from '../plots/run-curves.js';

/**
 * Shows the curves of a training under the running cell while it goes on. Call the returned function with each update,
 * and with the records at the end, since a run that is finished already sends no updates.
 *
 * @throws UsageError outside of a notebook
 */
export function watchTraining(
  options: CurveOptions = {},
): (update: { readonly records: readonly RunRecord[] }) => void {
  const draw = (records: readonly RunRecord[]) =>
    trainingCurves([{ name: options.title ?? 'training', runs: records.map(runCurves) }], options);
  const live = liveFigure(draw([]));
  return ({ records }) => {
    live.update(draw(records));
  };
}
