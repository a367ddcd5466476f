import { join } from 'node:path';
import type { Evaluation } from '../../evaluation/index.js';
import { writeFileAtomic } from '../../files.js';
import type { RunRecord } from '../../training/index.js';
import { isDone, recordOf, resultOf } from '../jobs/result.js';
import { alignColumns } from '../status/align-columns.js';
import type { Plan } from './plan.js';
import type { PlanStep } from './plan-steps.js';

/** One model and its results; `features`: a pretrained network without new layers. */
export interface ResultRow {
  readonly route: 'teacher' | 'features' | 'student' | 'direct';
  /** The configuration's name. */
  readonly name: string;
  readonly run: string;
  readonly model: string;
  readonly loss: string;
  readonly seed: number;
  readonly epochs: number;
  /** The best value of the metric that selects checkpoints. */
  readonly validation: { readonly metric: string; readonly value: number; readonly epoch: number } | null;
  /** The values on the evaluated subset: of the network before training, and of its best checkpoint. */
  readonly start: number | null;
  readonly value: number | null;
  readonly seconds: number;
  /** The overrides of the configuration. */
  readonly overrides: readonly string[];
}

/** The content of `results.json`. */
export interface Results {
  readonly format: 1;
  readonly plan: string;
  readonly metric: string | null;
  readonly subset: string | null;
  /** What the metric is a mean over: `62406 triplets`. */
  readonly count: string | null;
  readonly notes: readonly string[];
  readonly rows: readonly ResultRow[];
}

export const RESULTS_FILE = 'results.json';

/** Writes results to the plan's folder and returns them. */
export function writeResults(folder: string, results: Results): Results {
  writeFileAtomic(join(folder, RESULTS_FILE), `${JSON.stringify(results, null, 1)}\n`);
  return results;
}

/** Collects the results of a plan's finished steps from their records. */
export function collectPlan(plan: Plan, steps: readonly PlanStep[], base: string): Results {
  const found = steps
    .filter(({ jobs }) => jobs.every((job) => isDone(job, base)))
    .map((step) => ({ step, evaluations: evaluationsOf(step, base) }));
  const evaluated = found.map(({ evaluations: { start, evaluation = start } }) => evaluation).find(Boolean);
  return {
    format: 1,
    plan: plan.name,
    metric: evaluated?.metric ?? null,
    subset: evaluated?.subset ?? null,
    count: evaluated === undefined ? null : `${evaluated.count} ${evaluated.of}`,
    notes: plan.notes,
    rows: found.flatMap(({ step, evaluations }) => rowsOf(step, evaluations, base)),
  };
}

/** The evaluations of a step's jobs, by kind. */
type Evaluations = Partial<Record<'start' | 'evaluation', Evaluation>>;

function evaluationsOf({ jobs }: PlanStep, base: string): Evaluations {
  const asking = jobs.flatMap((job) => (job.kind === 'start' || job.kind === 'evaluation' ? job : []));
  return Object.fromEntries(asking.map((job) => [job.kind, resultOf<Evaluation>(job, base)?.found]));
}

function rowsOf(
  { route, name, overrides, jobs }: PlanStep,
  { start, evaluation }: Evaluations,
  base: string,
): ResultRow[] {
  // prettier-ignore
  return jobs.flatMap((job): ResultRow[] => {
    if (route === 'features' && job.kind === 'start') {
      const { model, seed } = job.run;
      const none = { loss: '-', run: '-', epochs: 0, validation: null, start: null, seconds: 0 };
      return [{ route, name, model: model.name, seed, ...none, overrides, value: start?.value ?? null }];
    }
    if (route === undefined || job.kind !== 'training') return [];
    return job.runs.map((run) => ({
      route,
      name,
      ...ofRecord(recordOf(run, base)!),
      start: start?.value ?? null,
      value: evaluation?.value ?? null,
      overrides,
    }));
  });
}

const ofRecord = ({ name, configuration, seed, epochs, best, seconds }: RunRecord) => ({
  run: name,
  model: configuration.model.name,
  loss: configuration.model.loss_type,
  seed,
  epochs: epochs.length,
  validation: best,
  seconds: Math.round(seconds * 10) / 10,
});

/** Joins the results of one plan on several draws of its data. */
export function joinResults(parts: readonly Results[]): Results {
  const counts = parts.map(({ count }) => count?.split(' ')[0]);
  return {
    ...parts[0],
    count: parts[0].count?.replace(/^\d+/, counts.join(', ')) ?? null,
    rows: parts.flatMap(({ rows }) => rows),
  };
}

const shown = (value: number | null): string => (value === null ? '-' : value.toFixed(4));

/** Formats the results as lines of aligned columns. */
export function formatResults({ metric, subset, rows }: Results): string {
  const of = metric === null ? '-' : `${metric} ${subset ?? ''}`;
  const table = [
    ['route', 'configuration', 'run', 'seed', 'epochs', 'validation', 'at epoch', 'start', of, 'seconds'],
    ...rows.map((row) => [
      row.route,
      row.name,
      row.run,
      String(row.seed),
      String(row.epochs),
      shown(row.validation?.value ?? null),
      String(row.validation?.epoch ?? '-'),
      shown(row.start),
      shown(row.value),
      row.seconds.toFixed(0),
    ]),
  ];
  return alignColumns(table);
}
