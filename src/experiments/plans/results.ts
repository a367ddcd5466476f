import { join } from 'node:path';
import { fewTriplets, metricWords } from '../../catalogue/metric-words.js';
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
  /** How many triplets the validation metric stands on; absent for students, whose metric is the teachers' relations. */
  readonly validationTriplets?: number;
  /** The values on the evaluated subset: of the network before training, and of its best checkpoint. */
  readonly start: number | null;
  readonly value: number | null;
  /** Seconds of training; of runs that train together, those of all of them. */
  readonly seconds: number;
  /** How many runs trained together; absent for one alone. */
  readonly together?: number;
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
      ...(job.runs.length > 1 && { together: job.runs.length }),
      start: start?.value ?? null,
      value: evaluation?.value ?? null,
      overrides,
    }));
  });
}

const ofRecord = ({ name, configuration, seed, epochs, best, seconds, data }: RunRecord) => ({
  run: name,
  model: configuration.model.name,
  loss: configuration.model.loss_type,
  seed,
  epochs: epochs.length,
  validation: best,
  ...validationTriplets(best?.metric, data.counts),
  seconds: Math.round(seconds * 10) / 10,
});

function validationTriplets(metric = '', counts: Readonly<Record<string, number>>): { validationTriplets?: number } {
  const count = counts['validation'] as number | undefined; // not in every record
  return metric === 'FCT' && count !== undefined ? { validationTriplets: count } : {};
}

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

/** Says what the values of results stand on, and warns where that is little. */
function groundsOf({ metric, subset, count, rows }: Results): string[] {
  const teachers = [...new Set(rows.flatMap(({ validationTriplets: n }) => n ?? []))];
  const validated = teachers.length === 0 ? undefined : `validation: over ${teachers.join(', ')} triplets, of students the teachers' relations`; // prettier-ignore
  if (metric === null || subset === null || count === null)
    return validated === undefined ? [] : [`${metricWords('FCT')}, ${validated}`];
  const few = metric === 'FCT' ? fewTriplets(Math.min(...count.match(/\d+/g)!.map(Number)), subset) : undefined;
  return [`${metricWords(metric)}, ${subset}: over ${count}`, validated ?? [], few ?? []].flat();
}

/** Returns the seconds of one run: its share of the time of those that trained together. */
function secondsOfOne({ seconds, together = 1 }: ResultRow): string {
  return (seconds / together).toFixed(together > 1 ? 1 : 0);
}

/** Formats the results as lines of aligned columns, below what they stand on. */
export function formatResults(results: Results): string {
  const { metric, subset, rows } = results;
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
      secondsOfOne(row),
    ]),
  ];
  return [...groundsOf(results), alignColumns(table)].join('\n');
}
