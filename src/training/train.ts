import { repetitionConfiguration } from '../configuration/load.js';
import { isIndexModel } from '../catalogue/models.js';
import { partKinds } from '../catalogue/own-parts.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import { refuseUnknown } from '../errors.js';
import { interruptible } from '../interruption.js';
import { FinishedRuns } from './runs/finished-runs.js';
import { holdRun } from './runs/hold-run.js';
import type { InputsHere } from './input-digests.js';
import type { Progress } from './loop.js';
import { withParts, type PartOptions } from './own-parts.js';
import { withLastState, type ResumableRun } from './runs/resume.js';
import { folderOf, inspectRun, type RunFolder } from './runs/run-folder.js';
import type { RunRecord } from './runs/run-record.js';
import type { TaskFactory } from './task.js';
import { teacherTask } from './teachers/teacher-task.js';
import { trainGroup } from './train-group.js';
import type { TrainingListeners } from './training-events.js';

/** An update on runs that train together. */
export interface TrainingUpdate {
  /** The progress within the present epoch; undefined where an epoch just ended. */
  readonly progress: Progress | undefined;
  readonly epochEnded: boolean;
  /** The records as they are now. */
  readonly records: readonly RunRecord[];
}

export interface TrainOptions extends PartOptions, TrainingListeners {
  /** Where relative folders of the configuration start (default: the working directory). */
  readonly base?: string;
  /** Stops training after the present step; the run can be resumed. In a notebook, interrupting the cell does. */
  readonly signal?: AbortSignal;
  /** Receives lines for the person who waits. */
  readonly log?: (line: string) => void;
  /** Called about every 50 ms while training, and after each epoch. */
  readonly onUpdate?: (update: TrainingUpdate) => void | Promise<void>;
  /** Use kernels of our own in place of tensor operations, where the engine has them (default true). */
  readonly fused?: boolean;
}

const optionNames = [...partKinds, 'base', 'signal', 'log', 'onUpdate', 'onBatch', 'onEpoch', 'fused'];

/** Returns the kind of task: index teachers learn together, an image network learns alone. */
const taskFactory = async ({ model }: TrainingConfiguration): Promise<TaskFactory> =>
  isIndexModel(model.name) ? teacherTask : (await import('./images/image-task.js')).imageTask;

/**
 * Reads the data that a run would be trained on, and returns their digests.
 *
 * @throws UsageError as `train`; MissingInput where data are not on this machine
 */
export async function readInputs(configuration: TrainingConfiguration, base: string): Promise<InputsHere> {
  const { inputs, facts } = (await taskFactory(configuration))([configuration], base);
  return { inputs, facts };
}

/**
 * Trains a configuration: `num_repetitions` runs with ids `run.id`, `run.id + offset_for_repetition`, ...
 *
 * Runs on the same data train together, each as it would alone. A finished run is left as it is. An interrupted one
 * goes on from its last checkpoint and ends with the same weights as one without interruption. Either is refused if it
 * was begun on other data than the present ones.
 *
 * @returns the records of all runs, in order
 * @throws UsageError for anything that the user can correct, before anything is written where possible
 */
export function train(configuration: TrainingConfiguration, options: TrainOptions = {}): Promise<RunRecord[]> {
  const runs = Array.from({ length: configuration.num_repetitions }, (_, i) =>
    repetitionConfiguration(configuration, i),
  );
  return trainRuns(runs, options);
}

/**
 * Trains given runs, each a configuration of one run, as `train` does.
 *
 * @param wanted configurations, alike except for `run` and `dataset.version`
 */
export async function trainRuns(
  wanted: readonly TrainingConfiguration[],
  given: TrainOptions = {},
): Promise<RunRecord[]> {
  refuseUnknown(given, optionNames, 'option of train');
  const configurations = withParts(wanted, given);
  const options = interruptible(given);
  const { base = process.cwd(), log = () => undefined } = options;
  const makeTask = await taskFactory(configurations[0]);
  const finished = new FinishedRuns((configuration) => makeTask([configuration], base), log);
  const open = finished.takeFrom(inspect(configurations, base));
  const locks = new Map<string, () => void>();
  try {
    for (const run of open) locks.set(run.folder, holdRun(run, log));
    // another process may have trained them in the meantime
    const mine = finished.takeFrom(
      inspect(
        open.map(({ configuration }) => configuration),
        base,
      ),
    );
    for (const group of groupRuns(mine)) {
      const task = makeTask(
        group.map(({ configuration }) => configuration),
        base,
      );
      const trained = await trainGroup(group, task, options);
      group.forEach(({ folder }, i) => {
        finished.records.set(folder, trained[i]);
        locks.get(folder)?.();
      });
    }
  } finally {
    for (const release of locks.values()) release();
  }
  return configurations.map((configuration) => finished.records.get(folderOf(configuration, base))!);
}

const inspect = (configurations: readonly TrainingConfiguration[], base: string): RunFolder[] =>
  configurations.map((configuration) => inspectRun(configuration, base));

/** Groups runs that can share their batches: on the same split, at the same position. */
function groupRuns(runs: readonly RunFolder[]): ResumableRun[][] {
  const groups = new Map<string, ResumableRun[]>();
  for (const run of runs.map(withLastState)) {
    const { epoch, batch } = run.last?.position ?? { epoch: 0, batch: 0 };
    const { model, dataset } = run.configuration;
    const key = JSON.stringify(isIndexModel(model.name) ? [dataset, epoch, batch] : run.folder);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}
