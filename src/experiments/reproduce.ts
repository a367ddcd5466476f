import { join, resolve } from 'node:path';
import { repetitionConfiguration } from '../configuration/load.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import { runName } from '../configuration/model-uri.js';
import { train, type RunRecord, type TrainingUpdate } from '../training/index.js';
import { evaluateOnce, evaluateStartOnce, type StoredEvaluation } from './evaluations.js';
import type { Plan, PlannedTraining } from './plan.js';
import { writeResults, type ResultRow, type Results } from './results.js';
import { saveEmbeddingsOnce } from './teacher-embeddings.js';

export interface ReproduceOptions {
  /** Where relative paths start (default: the working directory). */
  readonly base?: string;
  /** Stops the work; the same call goes on. */
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  /** A stage begins: `student yummly_se_rkd`. */
  readonly onStage?: (stage: string) => void;
  readonly onUpdate?: (update: TrainingUpdate) => void | Promise<void>;
}

/**
 * Carries a plan out: teachers, their embeddings, students, networks trained directly, evaluation.
 *
 * Every stage that is done already is left as it is and a broken one goes on, so that a plan that was killed at any
 * moment ends with the numbers of one that was not. `results.json` in the plan's folder is written after each run.
 */
export async function reproduce(plan: Plan, options: ReproduceOptions = {}): Promise<Results> {
  const { base = process.cwd(), onStage = () => undefined } = options;
  const folder = resolve(base, plan.folder);
  const rows: ResultRow[] = [];
  let evaluated: StoredEvaluation | undefined;
  const results = (): Results => ({
    format: 1,
    plan: plan.name,
    metric: evaluated?.metric ?? null,
    subset: evaluated?.subset ?? null,
    count: evaluated === undefined ? null : `${evaluated.count} ${evaluated.of}`,
    notes: plan.notes,
    rows,
  });

  if (plan.teachers !== undefined) {
    onStage(`teachers ${plan.teachers.name}`);
    const records = await train(plan.teachers.configuration, options);
    rows.push(...records.map((record) => rowOf('teacher', plan.teachers!, record)));
    writeResults(folder, results());
    onStage(`embeddings ${plan.sourceEmbeddingsId}`);
    await saveEmbeddingsOnce(plan, records, base);
  }
  const trainings = [
    ...plan.students.map((training) => ({ route: 'student' as const, training })),
    ...plan.direct.map((training) => ({ route: 'direct' as const, training })),
  ];
  for (const { route, training } of trainings)
    for (let i = 0; i < training.configuration.num_repetitions; i++) {
      const configuration = repetitionConfiguration(training.configuration, i);
      onStage(`${route} ${training.name} ${runName(configuration.run.id)}`);
      const { start, record, end } = await trainAndEvaluate(plan, configuration, folder, { ...options, base });
      evaluated = end ?? evaluated;
      rows.push({ ...rowOf(route, training, record), start: start?.value ?? null, value: end?.value ?? null });
      writeResults(folder, results());
    }
  return results();
}

async function trainAndEvaluate(
  plan: Plan,
  configuration: TrainingConfiguration,
  folder: string,
  options: ReproduceOptions & { readonly base: string },
): Promise<{ start?: StoredEvaluation | undefined; record: RunRecord; end?: StoredEvaluation | undefined }> {
  const { evaluation } = plan;
  const file = (what: string): string => join(folder, 'evaluations', `${runName(configuration.run.id)}-${what}.json`);
  const start =
    evaluation !== undefined && plan.evaluateStart
      ? await evaluateStartOnce(file('start'), evaluation, configuration, options)
      : undefined;
  const [record] = await train(configuration, options);
  if (evaluation === undefined) return { start, record };
  return { start, record, end: await evaluateOnce(file('best'), evaluation, record, options) };
}

function rowOf(route: ResultRow['route'], { name, overrides }: PlannedTraining, record: RunRecord): ResultRow {
  const { configuration, best } = record;
  return {
    route,
    name,
    run: record.name,
    model: configuration.model.name,
    loss: configuration.model.loss_type,
    seed: record.seed,
    epochs: record.epochs.length,
    validation: best,
    start: null,
    value: null,
    seconds: Math.round(record.seconds * 10) / 10,
    overrides,
  };
}
