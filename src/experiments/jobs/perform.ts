import { join } from 'node:path';
import {
  embedAtStart,
  embedItems,
  evaluate,
  evaluateBy,
  modelUri,
  saveEmbeddings,
  teacherEnsemble,
} from '../../evaluation/index.js';
import { makeTripletDataset, tripletCeiling } from '../../datasets/index.js';
import { UsageError } from '../../errors.js';
import { trainRuns, type RunRecord, type TrainOptions } from '../../training/index.js';
import { machine } from '../../training/runs/run-record.js';
import type { TrainingConfiguration } from '../../configuration/types.js';
import { jobInputs } from './job-inputs.js';
import { placeOf, type CeilingJob, type EmbeddingsJob, type EnsembleJob, type EvaluationJob, type Job, type StartJob } from './job.js'; // prettier-ignore
import { EMBEDDINGS } from './make-jobs.js';
import { recordOf, writeResult } from './result.js';

export type PerformOptions = Pick<TrainOptions, 'signal' | 'log' | 'onUpdate'>;

type Options = PerformOptions & { readonly base: string };

/** Computes the result of each kind of job except trainings. */
const finders = {
  embeddings: async (job: EmbeddingsJob, options: Options) => {
    const [{ dataset, preprocessing, use_gpu, engine, seed }] = job.runs;
    const { items, models, size, notes } = await saveEmbeddings(
      { dataset, preprocessing, use_gpu, engine, seed, output_directory_name: join(placeOf(job, options.base), EMBEDDINGS), new_source_embeddings_id: job.key }, // prettier-ignore
      { base: options.base, modelUris: finishedRuns(job.runs, options.base).map(modelUri) },
    );
    return { items, models, size, notes };
  },
  ensemble: async ({ runs }: EnsembleJob, { base }: Options) => {
    const dataset = makeTripletDataset(runs[0].dataset);
    const embeddings = [];
    for (const record of finishedRuns(runs, base))
      embeddings.push(await embedItems(modelUri(record), dataset, { base, configuration: record.configuration }));
    return teacherEnsemble(embeddings, dataset.triplets.validation, dataset.directed);
  },
  evaluation: ({ run, evaluation }: EvaluationJob, { base, signal }: Options) => {
    const [record] = finishedRuns([run], base);
    return evaluate({ ...evaluation, model_uri: modelUri(record) }, { base, ...(signal && { signal }) });
  },
  start: ({ run, evaluation, part }: StartJob, { signal }: Options) => {
    const { preprocessing, use_gpu, engine, precision = run.precision } = evaluation;
    const start = { ...run, preprocessing, use_gpu, engine, precision };
    return evaluateBy(evaluation, (dataset, items) => embedAtStart(start, dataset, { items, part, signal }));
  },
  ceiling: ({ dataset, subset }: CeilingJob) => {
    const { triplets, directed } = makeTripletDataset(dataset);
    return Promise.resolve(tripletCeiling(triplets[subset], directed));
  },
};

/**
 * Does a job or resumes it; the jobs that it needs must be done.
 *
 * @param folder of the experiments, absolute
 * @throws Interrupted when the signal ends it; UsageError for the reason of a failure
 */
export async function perform(job: Job, folder: string, options: PerformOptions = {}): Promise<void> {
  if (job.kind === 'training') {
    // callers give further options, of workers, which a training refuses
    const { signal, log, onUpdate } = options;
    await trainRuns(job.runs, {
      base: folder,
      ...(signal && { signal }),
      ...(log && { log }),
      ...(onUpdate && { onUpdate }),
    });
    return;
  }
  const inputs = await jobInputs(job, folder);
  const start = performance.now();
  const find = finders[job.kind] as (job: Job, options: Options) => Promise<unknown>;
  const found = await find(job, { ...options, base: folder });
  writeResult(job, folder, { inputs, seconds: (performance.now() - start) / 1000, machine: machine(), found });
}

function finishedRuns(runs: readonly TrainingConfiguration[], folder: string): RunRecord[] {
  return runs.map((run) => {
    const record = recordOf(run, folder);
    if (record?.status === 'finished') return record;
    throw new UsageError(`missing run: ${run.run.id} in ${run.run.output_directory_name} is not trained; run again`);
  });
}
