import { chooseEngine, type Engine } from '../engine/index.js';
import { Interrupted, UsageError } from '../errors.js';
import { CheckpointThrottle } from './runs/checkpoint-throttle.js';
import type { Learner } from './learner.js';
import { activeOf, shortened, trainEpochs, type ModelProgress } from './loop.js';
import { checkEngine, checkInputs, resumeNote, startPosition, type ResumableRun } from './runs/resume.js';
import type { RunRecord } from './runs/run-record.js';
import { RunWriter } from './runs/run-writer.js';
import type { Task } from './task.js';
import { probeParts } from './probe-parts.js';
import type { TrainOptions } from './train.js';
import { TrainingEvents } from './training-events.js';

/** Thrown when `signal` ends a training; the runs keep their last checkpoints and can be resumed. */
export class TrainingInterrupted extends Interrupted {}

type Log = (line: string) => void;

/**
 * Trains runs that share their batches; this process must hold their locks.
 *
 * @throws UsageError where a run began on other inputs or diverges, TrainingInterrupted where the signal ends it
 */
export async function trainGroup(
  runs: readonly ResumableRun[],
  task: Task<Int32Array>,
  options: TrainOptions,
): Promise<RunRecord[]> {
  const { log = () => undefined, fused = true } = options;
  const { use_gpu, engine: wanted, precision } = runs[0].configuration;
  for (const note of [...task.facts.notes, ...runs.flatMap((run) => checkInputs(run, task) ?? [])]) log(note);
  const engine = await chooseEngine({ useGpu: use_gpu, engine: wanted, precision });
  for (const run of runs) checkEngine(run, engine);
  if (use_gpu && !engine.gpu)
    log(`use_gpu is true but no GPU engine works here: computing on ${engine.name} (${engine.device})`);
  probeParts(runs[0].configuration);
  const measure = options.onBatch !== undefined || options.onEpoch !== undefined;
  const learner = await task.learner(engine, { fused, log, measure, resumed: runs.map(({ last }) => last?.state) });
  try {
    return await learn(runs, task, engine, learner, options);
  } finally {
    await learner.dispose();
  }
}

async function learn(
  runs: readonly ResumableRun[],
  task: Task<Int32Array>,
  engine: Engine,
  learner: Learner<Int32Array>,
  options: TrainOptions,
): Promise<RunRecord[]> {
  const { log = () => undefined, signal, onUpdate } = options;
  const { optimization, model } = runs[0].configuration;
  const { num_training_epochs: epochs } = optimization;
  const [name, mode] = model.metric_mode.split('/') as [string, 'max' | 'min'];
  const sayNew = newNotes(learner, log);
  const models = runs.map((run, i): ModelProgress => {
    if (run.last !== undefined) learner.restore(i, run.last.state);
    return { name: run.name, position: startPosition(run, task.sampler) };
  });
  const events = new TrainingEvents(options, learner, models, epochs);
  const writers = writersOf(runs, task, engine, learner, models, events);
  const records = writers.map(({ record }) => record);
  for (const line of runs.flatMap((run) => resumeNote(run) ?? [])) log(line);
  sayNew();
  for (const writer of writers) writer.begin();
  const throttle = new CheckpointThrottle();
  const write = (): void => {
    throttle.measure(() => {
      for (const [i, writer] of writers.entries()) if (!models[i].stopped) writer.checkpoint();
    });
  };
  const end = await trainEpochs(learner, models, {
    epochs,
    metric: { name, mode },
    sampler: shortened(task.sampler, optimization.num_batches_per_epoch),
    describeBatch: task.describeBatch,
    signal,
    onBatch: (losses, batches) => events.batch(losses, batches),
    onPause: async (progress, between) => {
      await onUpdate?.({ progress, epochEnded: false, records });
      if (between && throttle.isDue()) write();
    },
    onEpoch: async () => {
      for (const writer of writers) writer.update();
      await onUpdate?.({ progress: undefined, epochEnded: true, records });
      await events.epoch((stopped) => {
        writers[stopped].finish('finished');
      });
      if (activeOf(models).some(({ position }) => position.epoch < epochs) && throttle.isDue()) write();
    },
  });
  for (const [i, writer] of writers.entries()) if (!models[i].stopped) writer.finish(end);
  sayNew();
  refuseUnfinished(models, end, epochs);
  return records;
}

function writersOf(
  runs: readonly ResumableRun[],
  task: Task<Int32Array>,
  engine: Engine,
  learner: Learner<Int32Array>,
  models: readonly ModelProgress[],
  events: TrainingEvents,
): RunWriter[] {
  return runs.map(
    (run, i) =>
      new RunWriter(run, task, engine, models[i], {
        state: () => learner.state(i),
        notes: () => [...(learner.notes?.() ?? []), ...events.notes(i)],
      }),
  );
}

/** Returns a function that logs the learner's notes that are new since its last call. */
function newNotes(learner: Learner<Int32Array>, log: Log): () => void {
  const said = new Set(learner.notes?.());
  return () => {
    for (const note of learner.notes?.() ?? []) {
      if (!said.has(note)) log(note);
      said.add(note);
    }
  };
}

/** Throws where the training was stopped or a model failed. */
function refuseUnfinished(models: readonly ModelProgress[], end: 'finished' | 'aborted', epochs: number): void {
  if (end === 'aborted')
    throw new TrainingInterrupted(
      `interrupted in epoch ${models[0].position.epoch + 1} of ${epochs}; run the same command again to go on`,
    );
  const failed = models.find(({ failure }) => failure !== undefined);
  if (failed !== undefined) throw new UsageError(failed.failure!);
}
