import { mkdirSync } from 'node:fs';
import { repetitionConfiguration } from '../configuration/load.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import { chooseEngine, type Engine } from '../engine/index.js';
import { Interrupted, UsageError } from '../errors.js';
import { removeRemains } from '../files.js';
import { stoppedWithCell } from '../kernel/session.js';
import { loadLast, type Position } from './checkpoint.js';
import { shortened, trainEpochs, type Progress, type Trainee } from './loop.js';
import { RunWriter } from './run-writer.js';
import { inspectRun, type RunFolder } from './run-folder.js';
import { lockRun, takenBy } from './run-lock.js';
import type { RunRecord } from './run-record.js';
import type { Task, TaskFactory } from './task.js';
import { teacherTask } from './teachers.js';

/** News of the runs that train together. */
export interface TrainingUpdate {
  /** Where the present epoch stands; undefined where an epoch just ended. */
  readonly progress: Progress | undefined;
  readonly epochEnded: boolean;
  /** The records as they stand. */
  readonly records: readonly RunRecord[];
}

export interface TrainOptions {
  /** Where relative folders of the configuration start (default: the working directory). */
  readonly base?: string;
  /** Stops training after the present step; the run can be resumed. In a notebook, interrupting the cell does. */
  readonly signal?: AbortSignal;
  /** A line for the person who waits. */
  readonly log?: (line: string) => void;
  /** Every 50 ms or so while training, and after each epoch. */
  readonly onUpdate?: (update: TrainingUpdate) => void | Promise<void>;
  /** Kernels of our own in place of tensor operations, where the engine has them (default true). */
  readonly fused?: boolean;
}

/** Thrown when `signal` ends a training; the runs stand where they were and can be resumed. */
export class TrainingInterrupted extends Interrupted {}

/** Index teachers learn together; an image network has a task of its own. */
const taskFactory = async ({ model }: TrainingConfiguration): Promise<TaskFactory> =>
  model.name === 'Psycho' ? teacherTask : (await import('./image-task.js')).imageTask;

/**
 * Trains a configuration: `num_repetitions` runs with ids `run.id`, `run.id + offset_for_repetition`, ...
 *
 * Runs on the same data train together, each as it would alone. A finished run is left as it is; a broken one goes on
 * from its last checkpoint and ends with the same weights as one that was never interrupted.
 *
 * @returns the records of all runs, in order
 * @throws UsageError for anything the person can mend, before anything is written where possible
 */
export function train(configuration: TrainingConfiguration, options: TrainOptions = {}): Promise<RunRecord[]> {
  const runs = Array.from({ length: configuration.num_repetitions }, (_, i) =>
    repetitionConfiguration(configuration, i),
  );
  return trainRuns(runs, options);
}

/**
 * `train` for runs at hand, each a configuration of one run.
 *
 * @param configurations alike but for `run` and `dataset.version`
 */
export async function trainRuns(
  configurations: readonly TrainingConfiguration[],
  given: TrainOptions = {},
): Promise<RunRecord[]> {
  const options = stoppedWithCell(given);
  const { base = process.cwd(), log = () => undefined } = options;
  const makeTask = await taskFactory(configurations[0]);
  const runs = configurations.map((configuration) => inspectRun(configuration, base));
  const records = new Map<string, RunRecord>();
  for (const { name, folder, record } of runs)
    if (record?.status === 'finished') {
      log(`${name} is finished already: ${describeBest(record)}`);
      records.set(folder, record);
    }
  for (const group of groupRuns(runs.filter(({ folder }) => !records.has(folder)))) {
    const trained = await trainGroup(group, makeTask, options);
    group.forEach(({ folder }, i) => records.set(folder, trained[i]));
  }
  return runs.map(({ folder }) => records.get(folder)!);
}

const describeBest = ({ best }: RunRecord): string =>
  best === null ? 'no epoch' : `best ${best.metric} ${best.value.toFixed(4)} at epoch ${best.epoch}`;

interface Started extends RunFolder {
  readonly last: ReturnType<typeof loadLast>;
}

/** Runs that can share their batches: on the same split, and at the same place in it. */
function groupRuns(runs: readonly RunFolder[]): Started[][] {
  const groups = new Map<string, Started[]>();
  for (const run of runs) {
    const last = run.record === undefined ? undefined : loadLast(run.folder);
    const { epoch, batch } = last?.position ?? { epoch: 0, batch: 0 };
    const { model, dataset } = run.configuration;
    const key = JSON.stringify(model.name === 'Psycho' ? [dataset, epoch, batch] : run.folder);
    groups.set(key, [...(groups.get(key) ?? []), { ...run, last }]);
  }
  return [...groups.values()];
}

async function trainGroup(
  runs: readonly Started[],
  makeTask: TaskFactory,
  options: TrainOptions,
): Promise<RunRecord[]> {
  const { base = process.cwd(), log = () => undefined, fused = true } = options;
  const { use_gpu, engine: wanted, precision } = runs[0].configuration;
  for (const { folder, name } of runs) {
    const taken = takenBy(folder, name); // before anything is loaded
    if (taken) throw taken;
  }
  const task = makeTask(
    runs.map(({ configuration }) => configuration),
    base,
  );
  for (const note of task.facts.notes) log(note);
  const engine = await chooseEngine({ useGpu: use_gpu, engine: wanted, precision });
  if (use_gpu && !engine.gpu)
    log(`use_gpu is true but no GPU engine works here: computing on ${engine.name} (${engine.device})`);
  const learner = await task.learner(engine, { fused, log, resumed: runs.map(({ last }) => last?.state) });
  const unlock: (() => void)[] = [];
  try {
    for (const { folder, name } of runs) {
      mkdirSync(folder, { recursive: true });
      unlock.push(lockRun(folder, name));
      removeRemains(folder);
    }
    return await trainLocked(runs, task, engine, learner, options);
  } finally {
    for (const release of unlock) release();
    await learner.dispose();
  }
}

async function trainLocked(
  runs: readonly Started[],
  task: Task<Int32Array>,
  engine: Engine,
  learner: Awaited<ReturnType<Task<Int32Array>['learner']>>,
  options: TrainOptions,
): Promise<RunRecord[]> {
  const { log = () => undefined } = options;
  const { optimization, model } = runs[0].configuration;
  const [name, mode] = model.metric_mode.split('/') as [string, 'max' | 'min'];
  const said = new Set(learner.notes?.());
  const trainees: Trainee[] = runs.map((run, i) => {
    if (run.last !== undefined) learner.restore(i, run.last.state);
    return { name: run.name, position: run.last?.position ?? beginning(task) };
  });
  const sayNew = (): void => {
    for (const note of learner.notes?.() ?? []) {
      if (!said.has(note)) log(note);
      said.add(note);
    }
  };
  const writers = runs.map(
    (run, i) =>
      new RunWriter(run, task.facts, engine, trainees[i], {
        state: () => learner.state(i),
        notes: () => learner.notes?.() ?? [],
      }),
  );
  const records = writers.map(({ record }) => record);
  for (const [i, { last }] of runs.entries())
    if (last !== undefined)
      log(`${runs[i].name} goes on after epoch ${last.position.epoch}, batch ${last.position.batch}`);
  sayNew();
  for (const writer of writers) writer.begin();
  const pace = new Pace();
  const write = (): void => {
    pace.measure(() => {
      for (const writer of writers) writer.checkpoint();
    });
  };
  const end = await trainEpochs(learner, trainees, {
    epochs: optimization.num_training_epochs,
    metric: { name, mode },
    sampler: shortened(task.sampler, optimization.num_batches_per_epoch),
    describeBatch: task.describeBatch,
    signal: options.signal,
    onPause: async (progress, between) => {
      await options.onUpdate?.({ progress, epochEnded: false, records });
      if (between && pace.isDue()) write();
    },
    onEpoch: async () => {
      for (const writer of writers) writer.update();
      await options.onUpdate?.({ progress: undefined, epochEnded: true, records });
      if (trainees[0].position.epoch < optimization.num_training_epochs && pace.isDue()) write();
    },
  });
  for (const writer of writers) writer.finish(end);
  sayNew();
  const failures = trainees.flatMap(({ failure }) => failure ?? []);
  if (end === 'aborted') {
    const { epoch } = trainees[0].position;
    throw new TrainingInterrupted(
      `interrupted in epoch ${epoch + 1} of ${optimization.num_training_epochs}; run the same command again to go on`,
    );
  }
  if (failures.length > 0) throw new UsageError(failures[0]);
  return records;
}

function beginning({ sampler }: Task<Int32Array>): Position {
  return { epoch: 0, batch: 0, lossSum: 0, seconds: 0, epochs: [], best: null, random: sampler.random.state() };
}

/** Lets checkpoints take at most a twentieth of the time, and waits half a second between them at least. */
class Pace {
  private last = performance.now();
  private cost = 0; // ms, of the last one

  isDue(): boolean {
    return performance.now() - this.last > Math.max(500, 20 * this.cost);
  }

  measure(work: () => void): void {
    const start = performance.now();
    work();
    this.last = performance.now();
    this.cost = this.last - start;
  }
}
