import { existsSync } from 'node:fs';
import { defaultWeights, isKnown, isPretrained } from '../../backbones/weights/registry.js';
import { weightsFile, shownWeightsFolder } from '../../backbones/weights/folder.js';
import { datasets } from '../../catalogue/datasets.js';
import type { DatasetConfiguration, TrainingConfiguration } from '../../configuration/types.js';
import { locate, makeDataset, type Source } from '../../datasets/index.js';
import { UsageError } from '../../errors.js';
import type { Job } from './job.js';

const sourceOf: readonly (readonly [prefix: string, source: Source])[] = [
  ['Things', 'things'],
  ['IHSJC', 'ihsj'],
  ['Yummly', 'yummly'],
  ['CUB', 'cub'],
  ['CARS', 'cars'],
  ['SOP', 'sop'],
];

function noFolder({ name, raw_data_directory_name: root }: DatasetConfiguration): string | undefined {
  const source = sourceOf.find(([prefix]) => name.startsWith(prefix))?.[1];
  return source && complaint(() => locate(source, root));
}

function complaint(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

function noWeights(run: TrainingConfiguration | undefined): string | undefined {
  if (run === undefined) return undefined;
  const { model } = run;
  if (!isPretrained(model.name)) return undefined;
  const wanted = model.weights ?? defaultWeights[model.name];
  if (!isKnown(wanted) || existsSync(weightsFile(wanted))) return undefined;
  return `missing weights: ${wanted} are not in ${shownWeightsFolder()}; run tripletlab weights fetch ${wanted}`;
}

function datasetOf(job: Job): DatasetConfiguration {
  if (job.kind === 'ceiling') return job.dataset;
  return ('evaluation' in job ? job.evaluation : job.runs[0]).dataset;
}

/** Returns the configuration of the network whose starting weights a job needs, if it needs any. */
function startOf(job: Job): TrainingConfiguration | undefined {
  if (job.kind === 'start') return job.run;
  return job.kind === 'training' ? job.runs[0] : undefined;
}

/**
 * Tells by keys why jobs cannot be done on this machine, including the jobs that they need. Finished jobs need nothing.
 *
 * @param thorough also opens each data set, which finds missing files
 */
export function missingFor(
  jobs: readonly Job[],
  done: (job: Job) => boolean,
  { thorough }: { readonly thorough: boolean },
): Map<string, string> {
  const opened = new Map<string, string | undefined>();
  const noData = (dataset: DatasetConfiguration): string | undefined => {
    if (datasets[dataset.name].origin !== 'published') return undefined;
    if (!opened.has(dataset.name))
      opened.set(dataset.name, noFolder(dataset) ?? (thorough ? complaint(() => makeDataset(dataset)) : undefined));
    return opened.get(dataset.name);
  };
  const missing = new Map<string, string>();
  for (const job of jobs) {
    if (done(job)) continue;
    const needed = job.needs.find((key) => missing.has(key));
    const reason =
      noData(datasetOf(job)) ?? noWeights(startOf(job)) ?? (needed === undefined ? undefined : missing.get(needed));
    if (reason !== undefined) missing.set(job.key, reason);
  }
  return missing;
}

/** Returns one line for each reason: `12 jobs cannot be done here: missing weights: ...`. */
export function describeMissing(missing: ReadonlyMap<string, string>): string[] {
  const counts = new Map<string, number>();
  for (const reason of missing.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, n]) => `${n} ${n === 1 ? 'job' : 'jobs'} cannot be done here: ${reason}`);
}
