import { labelsDigest } from '../../datasets/digests.js';
import { makeTripletDataset } from '../../datasets/index.js';
import { MissingInput, UsageError } from '../../errors.js';
import { evaluationInputs } from '../../evaluation/index.js';
import { differingInput, readInputs, startingWeights, type Inputs } from '../../training/index.js';
import type { Job } from './job.js';
import type { JobsAndPlaces } from './kept-records.js';
import { isDone, recordOf, resultOf } from './result.js';

/**
 * Returns the present digests of what a job depends on beside its settings and the jobs that it needs.
 *
 * @throws UsageError where data cannot be read, MissingInput where they are not on this machine
 */
export async function jobInputs(job: Job, folder: string): Promise<Inputs> {
  switch (job.kind) {
    case 'training':
      return (await readInputs(job.runs[0], folder)).inputs;
    case 'evaluation':
      return evaluationInputs(job.evaluation, job.run.model.name);
    case 'start': {
      const weights = startingWeights(job.run)?.source.sha256.slice(0, 16);
      return { ...evaluationInputs(job.evaluation, job.run.model.name), ...(weights !== undefined && { weights }) };
    }
    case 'ceiling':
      return { labels: labelsDigest(makeTripletDataset(job.dataset)) };
    case 'embeddings':
    case 'ensemble':
      return { labels: labelsDigest(makeTripletDataset(job.runs[0].dataset)) };
  }
}

/** Returns a key of what a job reads: jobs with the same key read the same data. */
function readBy(job: Job): string {
  if (job.kind === 'training') {
    const [{ dataset, preprocessing, model }] = job.runs;
    return JSON.stringify([job.kind, dataset, preprocessing, model.name, model.weights]);
  }
  if (job.kind === 'evaluation' || job.kind === 'start')
    return JSON.stringify([job.kind, job.evaluation, job.run.model.name, job.run.model.weights]);
  return JSON.stringify([job.kind === 'ceiling' ? job.dataset : job.runs[0].dataset]);
}

/** Returns a `jobInputs` that reads what jobs share only once; undefined for data that are not on this machine. */
export function inputsReader(folder: string): (job: Job) => Promise<Inputs | undefined> {
  const known = new Map<string, Inputs | undefined>();
  return async (job) => {
    const key = readBy(job);
    if (!known.has(key)) known.set(key, await inputsIfHere(job, folder));
    return known.get(key);
  };
}

/** Returns the digests that were recorded when the job was done; undefined where its records lack them. */
function recordedInputs(job: Job, folder: string): readonly (Inputs | undefined)[] {
  if (job.kind === 'training') return job.runs.map((run) => recordOf(run, folder)?.inputs);
  return [resultOf(job, folder)?.inputs];
}

const exceptTeachers = (inputs: Inputs): Inputs =>
  Object.fromEntries(Object.entries(inputs).filter(([kind]) => kind !== 'source_embeddings'));

/**
 * Compares the recorded inputs of finished jobs with the present ones. Jobs of which only records are kept may have
 * learned from teachers that were trained elsewhere.
 *
 * @param settled keys of those jobs
 * @returns what cannot be compared, a line for each reason
 * @throws UsageError for the first job that was done on other data
 */
export async function checkDoneJobs(all: JobsAndPlaces, settled: ReadonlySet<string>): Promise<string[]> {
  const read = inputsReader(all.folder);
  let unnamed = 0;
  let missing = 0;
  for (const job of all.jobs.filter(({ key }) => settled.has(key))) {
    const found = await read(job);
    if (found === undefined) {
      missing++;
      continue;
    }
    const kept = !isDone(job, all.folder) && all.kept !== undefined;
    for (const recorded of recordedInputs(job, kept ? all.kept : all.folder)) {
      if (recorded === undefined) unnamed++;
      const differs = recorded && differingInput(kept ? exceptTeachers(recorded) : recorded, found);
      if (differs !== undefined)
        throw new UsageError(
          `${job.label} was done on other data (${differs}); give the data it was done on, or ${kept ? 'ignore the kept records (--no-kept)' : 'another folder for these experiments'}`,
        );
    }
  }
  const lines: string[] = [];
  const cannot = (n: number): string => `cannot check the data of ${n} finished ${n === 1 ? 'job' : 'jobs'}`;
  if (missing > 0) lines.push(`${cannot(missing)}: they are not here`);
  if (unnamed > 0)
    lines.push(`${cannot(unnamed)}: the records are of an earlier version, which did not keep their checksums`);
  return lines;
}

async function inputsIfHere(job: Job, folder: string): Promise<Inputs | undefined> {
  try {
    return await jobInputs(job, folder);
  } catch (error) {
    if (error instanceof MissingInput) return undefined;
    throw error;
  }
}
