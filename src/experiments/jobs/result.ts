import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { TrainingConfiguration } from '../../configuration/types.js';
import { runName } from '../../configuration/model-uri.js';
import { writeFileAtomic } from '../../files.js';
import { readStoredJson } from '../../stored-json.js';
import { missingBest } from '../../training/runs/checkpoint.js';
import type { Inputs, RunRecord } from '../../training/index.js';
import { readRunRecord, RECORD_FILE } from '../../training/runs/run-record.js';
import { runKey } from '../../training/runs/run-settings.js';
import { EMBEDDINGS } from './make-jobs.js';
import { placeOf, type CeilingJob, type EmbeddingsJob, type EnsembleJob, type EvaluationJob, type Job, type StartJob } from './job.js'; // prettier-ignore

/** The stored result of a job other than a training: `results/<key>.json` in its folder. */
export interface JobResult<Found = unknown> {
  readonly format: 1;
  readonly label: string;
  /** The runs that it belongs to, by content, and when they were begun: a run that is trained anew is another. */
  readonly of: readonly { readonly run: string; readonly started: string }[];
  /** Digests of what was read for it beside the runs; absent in results of earlier versions. */
  readonly inputs?: Inputs;
  readonly seconds: number;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly found: Found;
}

type OtherJob = EmbeddingsJob | EnsembleJob | EvaluationJob | StartJob | CeilingJob;

const runFolder = ({ run }: TrainingConfiguration, folder: string): string =>
  resolve(folder, run.output_directory_name, runName(run.id));

/** Returns the file of a run's record. */
export const recordPlace = (run: TrainingConfiguration, folder: string): string =>
  join(runFolder(run, folder), RECORD_FILE);

/** Returns the record of a run of an experiment, or undefined where there is none yet. */
export function recordOf(run: TrainingConfiguration, folder: string): RunRecord | undefined {
  if (!existsSync(recordPlace(run, folder))) return undefined;
  try {
    return readRunRecord(runFolder(run, folder));
  } catch {
    return undefined; // the training of the run will report what is wrong
  }
}

/** Returns the file of a job's result. */
export const resultFile = (job: Job, folder: string): string =>
  join(placeOf(job, folder), 'results', `${job.key}.json`);

/** Returns the file that a job of embeddings writes. */
const embeddingsFile = (job: EmbeddingsJob, folder: string): string =>
  join(placeOf(job, folder), EMBEDDINGS, `embeddings_${job.key}.npz`);

function runsOf(job: OtherJob): readonly TrainingConfiguration[] {
  if (job.kind === 'start' || job.kind === 'ceiling') return [];
  return job.kind === 'evaluation' ? [job.run] : job.runs;
}

/** Identifies the runs as they are now. */
export function originOf(job: OtherJob, folder: string): JobResult['of'] {
  return runsOf(job).map((run) => ({ run: runKey(run), started: recordOf(run, folder)?.started ?? '' }));
}

const resultSchema = z.object({
  format: z.literal(1),
  of: z.array(z.unknown()),
  seconds: z.number(),
  machine: z.record(z.string(), z.unknown()),
  found: z.unknown(),
});

/** Returns the result of a job, unless its runs have been trained anew since. */
export function resultOf<Found>(job: OtherJob, folder: string): JobResult<Found> | undefined {
  const file = resultFile(job, folder);
  if (!existsSync(file)) return undefined;
  let result: JobResult<Found>;
  try {
    result = readStoredJson(file, resultSchema, { what: 'result', remedy: 'run again' });
  } catch {
    return undefined; // it will be computed again
  }
  return JSON.stringify(result.of) === JSON.stringify(originOf(job, folder)) ? result : undefined;
}

export function writeResult(job: OtherJob, folder: string, result: Omit<JobResult, 'format' | 'label' | 'of'>): void {
  const all: JobResult = { format: 1, label: job.label, of: originOf(job, folder), ...result };
  writeFileAtomic(resultFile(job, folder), `${JSON.stringify(all, null, 1)}\n`);
}

/** Is a run finished, with its best checkpoint in place? Without it, the training of the run says what to do. */
function isTrained(run: TrainingConfiguration, folder: string): boolean {
  const record = recordOf(run, folder);
  return record?.status === 'finished' && missingBest(runFolder(run, folder), record.best) === undefined;
}

/** Is the job done, according to its files? */
export function isDone(job: Job, folder: string): boolean {
  if (job.kind === 'training') return job.runs.every((run) => isTrained(run, folder));
  if (job.kind === 'embeddings' && !existsSync(embeddingsFile(job, folder))) return false;
  return resultOf(job, folder) !== undefined;
}
