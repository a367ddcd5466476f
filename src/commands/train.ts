import type { Command } from 'commander';
import { fewTriplets, metricWords } from '../catalogue/metric-words.js';
import { metricOf } from '../catalogue/metrics.js';
import { isIndexModel } from '../catalogue/models.js';
import {
  configurationNotes,
  isTraining,
  loadConfigurationArguments,
  metricNote,
  type TrainingConfiguration,
} from '../configuration/index.js';
import { UsageError } from '../errors.js';
import { interruptible } from './interruptible.js';
import { logToStderr } from './log.js';
import { duration, ProgressBar, reserveRunIds, train, type RunRecord } from '../training/index.js';

/** Describes a run in a line; of several that trained together each has its share of their time. */
function describe({ name, status, best, seconds: all, epochs, data }: RunRecord, together: number): string {
  const seconds = all / together;
  const time = seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds);
  const found =
    best === null ? 'no epoch' : `best ${best.metric} ${best.value.toFixed(4)} at epoch ${best.epoch} of ${epochs.length}`; // prettier-ignore
  const known = best?.metric === 'FCT' && 'validation' in data.counts;
  const over = known ? `, over ${data.counts['validation']} validation triplets` : '';
  return `${name}: ${status}, ${found}, ${time}${together > 1 ? `, of ${together} trained together` : ''}${over}`;
}

/** Returns how many runs of a configuration train together: teachers on one split. */
const togetherOf = ({ model, dataset, num_repetitions }: TrainingConfiguration): number =>
  isIndexModel(model.name) && !dataset.different_splits ? num_repetitions : 1;

/** Warns where a run's metric stands on few triplets. */
const warning = ([{ best, data }]: readonly RunRecord[]): string | undefined =>
  best?.metric === 'FCT' && 'validation' in data.counts
    ? fewTriplets(data.counts['validation'], 'validation')
    : undefined;

const NEXT = 'run.id=next';

/** Loads the configuration; `run.id=next` becomes the next free number, reserved until `release`. */
function loadNumbered(args: readonly string[]): { configuration: TrainingConfiguration; release: () => void } {
  const next = args.findLast((arg) => arg.startsWith('run.id=')) === NEXT;
  const configuration = loadConfigurationArguments(
    next ? args.filter((arg) => !arg.startsWith('run.id=')) : args,
    'train',
  );
  if (!isTraining(configuration))
    throw new UsageError('this configuration only evaluates; to train it needs run, model and optimization');
  if (!next) return { configuration, release: () => undefined };
  const { run, num_repetitions } = configuration;
  const { first, release } = reserveRunIds(run.output_directory_name, num_repetitions);
  logToStderr(`run.id: ${first}, the next free number in ${run.output_directory_name}`);
  return { configuration: { ...configuration, run: { ...run, id: first } }, release };
}

/** Registers `tripletlab train CONFIG [key=value ...]`. */
export function registerTrain(program: Command): void {
  program
    .command('train')
    .description('train a configuration; goes on where an interrupted run stopped')
    .argument('<arguments...>', 'configuration file and key=value overrides, as in num_repetitions=5; run.id=next')
    .action(async (args: string[]) => {
      const { configuration, release: releaseNumbers } = loadNumbered(args);
      const ofMetric = metricNote(configuration);
      logToStderr(`validated by ${metricWords(metricOf(configuration.model.metric_mode))}`);
      for (const note of [...configurationNotes(configuration), ...(ofMetric ? [ofMetric] : [])]) logToStderr(note);
      const { signal, release } = interruptible();
      const bar = new ProgressBar();
      try {
        const records = await train(configuration, {
          log: logToStderr,
          signal,
          onUpdate: (update) => {
            bar.show(update);
          },
        });
        bar.stop();
        const few = warning(records);
        if (few !== undefined) logToStderr(few);
        for (const record of records) process.stdout.write(`${describe(record, togetherOf(configuration))}\n`);
      } finally {
        bar.stop();
        releaseNumbers();
        release();
      }
    });
}
