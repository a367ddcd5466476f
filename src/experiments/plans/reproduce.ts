import { join, resolve } from 'node:path';
import { repetitionConfiguration } from '../../configuration/load.js';
import type { TrainingConfiguration } from '../../configuration/types.js';
import { runName } from '../../configuration/model-uri.js';
import { interruptible } from '../../interruption.js';
import { train, type RunRecord, type TrainingUpdate } from '../../training/index.js';
import { evaluateOnce, evaluateStartOnce, inputsReader, type StoredEvaluation } from './evaluations.js';
import type { Plan, PlannedTraining } from './plan.js';
import { runUnlocked, waitForLock } from './lock-retry.js';
import { joinResults, writeResults, type ResultRow, type Results } from './results.js';
import { saveEmbeddingsOnce } from './teacher-embeddings.js';

export interface ReproduceOptions {
  /** Where relative paths start (default: the working directory). */
  readonly base?: string;
  /** Stops the work; the same call goes on. In a notebook, interrupting the cell does. */
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
 * moment ends with the numbers of one that was not. Several processes may carry out the same plan: a run that another
 * one is at is left for later. `results.json` in the plan's folder is written after each run.
 */
export async function reproduce(plan: Plan, given: ReproduceOptions = {}): Promise<Results> {
  const options = interruptible(given);
  if (plan.draws.length > 0) return reproduceDraws(plan, options);
  const { base = process.cwd(), onStage = () => undefined } = options;
  const folder = resolve(base, plan.folder);
  const inputs = inputsReader();
  const known: ResultRow[] = []; // of teachers and features
  const networks = networksOf(plan);
  const done = new Map<PlannedNetwork, ResultRow>();
  let evaluated: StoredEvaluation | undefined;
  const results = (): Results => ({
    format: 1,
    plan: plan.name,
    metric: evaluated?.metric ?? null,
    subset: evaluated?.subset ?? null,
    count: evaluated === undefined ? null : `${evaluated.count} ${evaluated.of}`,
    notes: plan.notes,
    rows: [...known, ...networks.flatMap((network) => done.get(network) ?? [])],
  });

  if (plan.teachers !== undefined) {
    onStage(`teachers ${plan.teachers.name}`);
    const teaching = plan.teachers;
    const records = await waitForLock(() => train(teaching.configuration, options), options);
    known.push(...records.map((record) => rowOf('teacher', teaching, record)));
    writeResults(folder, results());
    onStage(`embeddings ${plan.sourceEmbeddingsId}`);
    await saveEmbeddingsOnce(plan, records, base);
  }
  const { evaluation } = plan;
  if (evaluation !== undefined && plan.evaluateFeatures)
    for (const [name, { configuration }] of pretrainedOf(networks)) {
      onStage(`features ${name}`);
      const file = join(folder, 'evaluations', `features-${name.replace(/[^\w.-]+/g, '-')}.json`);
      evaluated = await evaluateStartOnce(file, evaluation, configuration, {
        ...options,
        base,
        inputs,
        part: 'features',
      });
      known.push(rowOfFeatures(name, configuration, evaluated.value));
      writeResults(folder, results());
    }
  await runUnlocked(
    networks,
    async (network) => {
      const { route, training, configuration } = network;
      onStage(`${route} ${training.name} ${runName(configuration.run.id)}`);
      const { start, record, end } = await trainAndEvaluate(plan, configuration, folder, { ...options, base, inputs });
      evaluated = end ?? evaluated;
      done.set(network, { ...rowOf(route, training, record), start: start?.value ?? null, value: end?.value ?? null });
      writeResults(folder, results());
    },
    options,
  );
  return results();
}

/** Every draw's plan in turn; the results are those of all draws. */
async function reproduceDraws(plan: Plan, options: ReproduceOptions): Promise<Results> {
  const { base = process.cwd(), onStage } = options;
  const found: Results[] = [];
  for (const [i, draw] of plan.draws.entries()) {
    const shown = onStage && { onStage: (stage: string) => onStage(`data ${i + 1} of ${plan.draws.length}: ${stage}`) };
    found.push(await reproduce(draw, { ...options, ...shown }));
    writeResults(resolve(base, plan.folder), joinResults(found));
  }
  return joinResults(found);
}

/** One network of a plan. */
interface PlannedNetwork {
  readonly route: 'student' | 'direct';
  readonly training: PlannedTraining;
  readonly configuration: TrainingConfiguration;
}

/** In the order in which they are trained: all once, then all that repeat a second time, and so on. */
function networksOf({ students, direct }: Plan): PlannedNetwork[] {
  const all = [
    ...students.map((training) => ({ route: 'student' as const, training })),
    ...direct.map((training) => ({ route: 'direct' as const, training })),
  ];
  const most = Math.max(0, ...all.map(({ training }) => training.configuration.num_repetitions));
  return Array.from({ length: most }, (_, i) =>
    all
      .filter(({ training }) => i < training.configuration.num_repetitions)
      .map((one) => ({ ...one, configuration: repetitionConfiguration(one.training.configuration, i) })),
  ).flat();
}

/** The pretrained networks that trainings start from, each once, with the first of these. */
function pretrainedOf(networks: readonly PlannedNetwork[]): Map<string, PlannedNetwork> {
  const found = new Map<string, PlannedNetwork>();
  for (const network of networks) {
    const { name, weights = 'default' } = network.configuration.model;
    if (!found.has(`${name}-${weights}`)) found.set(`${name}-${weights}`, network);
  }
  return found;
}

async function trainAndEvaluate(
  plan: Plan,
  configuration: TrainingConfiguration,
  folder: string,
  options: ReproduceOptions & { readonly base: string; readonly inputs: ReturnType<typeof inputsReader> },
): Promise<{ start?: StoredEvaluation | undefined; record: RunRecord; end?: StoredEvaluation | undefined }> {
  const { evaluation } = plan;
  const file = (what: string): string => join(folder, 'evaluations', `${runName(configuration.run.id)}-${what}.json`);
  const [record] = await train(configuration, options);
  if (evaluation === undefined) return { record };
  const start = plan.evaluateStart
    ? await evaluateStartOnce(file('start'), evaluation, configuration, options)
    : undefined;
  return { start, record, end: await evaluateOnce(file('best'), evaluation, record, options) };
}

function rowOfFeatures(name: string, { model, seed }: TrainingConfiguration, value: number): ResultRow {
  const none = { loss: '-', run: '-', epochs: 0, validation: null, start: null, seconds: 0, overrides: [] };
  return { route: 'features', name, model: model.name, seed, ...none, value };
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
