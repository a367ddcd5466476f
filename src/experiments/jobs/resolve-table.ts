import { join, resolve } from 'node:path';
import type { DatasetConfiguration } from '../../configuration/types.js';
import type { Profile } from '../table-profiles/index.js';
import { tripletSets, type DataSet, type Table, type TableRow } from '../tables/index.js';
import { ownRow, ownRowNames } from '../tables/own-rows.js';
import type { JobsAndPlaces } from './kept-records.js';
import type { CeilingJob, EnsembleJob, EvaluationJob, Job, StartJob, TrainingJob, MeasuredSubset } from './job.js';
import { ceilingJob, embeddingsName, jobsOfTeachers, networkJobs, startJob, teachersJob } from './make-jobs.js';

/** The jobs that a row's numbers are read from. */
export interface RowSources {
  readonly row: TableRow;
  /** The jobs of its teachers, split by split. */
  readonly teachers: readonly { readonly training: TrainingJob; readonly ensemble: EnsembleJob }[];
  /** For rows of networks: the jobs of each repetition. */
  readonly networks: readonly {
    readonly training: TrainingJob;
    readonly evaluation: EvaluationJob;
    /** The network before its training, and its features, where the profile asks for them. */
    readonly start?: StartJob;
    readonly features?: StartJob;
  }[];
  /** The ceilings of the triplets that the row is measured on, split by split, where the profile asks for them. */
  readonly ceilings: readonly CeilingJob[];
}

/** A table with all its jobs. */
export interface ResolvedTable extends JobsAndPlaces {
  readonly table: Table;
  readonly profile: Profile;
  readonly rows: readonly RowSources[];
  readonly notes: readonly string[];
}

/** The default folder of experiments; all tables and profiles share it, and with it their runs. */
export const EXPERIMENTS_FOLDER = 'modeling/experiments';

/**
 * The folder of a table's jobs, and its wanted rows (default: those of the paper, and others that the profile takes). A
 * loss or backbone of one's own is a row where that is what the table's rows differ in.
 */
export interface ResolveOptions {
  readonly folder: string;
  readonly rows?: readonly string[] | undefined;
  readonly kept?: string | undefined;
}

/**
 * Resolves all jobs of a table in a profile, and what its rows are read from. Writes nothing.
 *
 * @throws UsageError where a configuration is wrong, or there is no such row
 */
export function resolveTable(
  table: Table,
  profile: Profile,
  { folder, rows: wanted, kept }: ResolveOptions,
): ResolvedTable {
  const absolute = resolve(folder);
  const jobs = new Map<string, Job>();
  const keep = <Kept extends Job>(job: Kept): Kept => {
    if (!jobs.has(job.key)) jobs.set(job.key, job);
    return jobs.get(job.key) as Kept;
  };
  const own = ownRowNames(table, wanted ?? []);
  const rows = table.rows.flatMap((original): RowSources[] => {
    const row = profile.leavesOut?.(table) ? undefined : profile.row(original);
    if (row === undefined) return [];
    const taken = wanted?.includes(original.name) ?? (!original.beyondPaper || profile.takesBeyondPaper);
    const owns = original.name === table.reference ? own.map((name) => ownRow(table, row, name)) : [];
    return [...(taken ? [row] : []), ...owns].map((one) => resolveRow(one, profile, absolute, keep));
  });
  const networks = rows.flatMap((row) => row.networks.map(({ training }, i) => ({ key: training.key, i })));
  const turns = new Map(networks.map(({ key, i }) => [key, i]));
  return {
    table,
    profile,
    folder: absolute,
    kept: kept === undefined ? undefined : resolve(kept),
    jobs: inOrder([...jobs.values()], turns),
    rows,
    notes: [
      ...profile.notes(table),
      ...new Set(rows.flatMap(({ row }) => (row.beyondPaper ? [`row ${row.name} is not in the paper`] : []))),
    ],
  };
}

/** Resolves the jobs of a row; jobs that several rows share occur once. */
function resolveRow(
  row: TableRow,
  profile: Profile,
  folder: string,
  keep: <Kept extends Job>(job: Kept) => Kept,
): RowSources {
  const drawn = profile.dataFolder?.(row);
  const made = row.embeddings.map((split) => {
    const training = keep(teachersJob(split.teachers));
    const { embeddings, ensemble } = jobsOfTeachers(embeddingsName(split), training, split.first);
    return { training, embeddings, ensemble: keep(ensemble) };
  });
  for (const { embeddings } of made) keep(embeddings);
  const ceilings = (of: readonly { dataset: DatasetConfiguration }[], subset: MeasuredSubset): CeilingJob[] =>
    profile.evaluatesStarts && isTripletSet(row.data) ? of.map(({ dataset }) => keep(ceilingJob(dataset, subset))) : [];
  if (row.kind === 'teachers') {
    const ofTeachers = made.map(({ training }) => training.runs[0]);
    return { row, teachers: made, networks: [], ceilings: ceilings(ofTeachers, 'validation') };
  }
  const networks = networkJobs(
    row,
    made.map(({ embeddings }) => embeddings),
    drawn === undefined ? undefined : join(folder, drawn),
  ).map(({ training, evaluation }) => ({
    ...(profile.evaluatesStarts && {
      start: keep(startJob(evaluation, 'all')),
      features: keep(startJob(evaluation, 'features')),
    }),
    training: keep(training),
    evaluation: keep(evaluation),
  }));
  const evaluations = new Map(
    networks.map(({ evaluation: { evaluation } }) => [evaluation.dataset.version, evaluation]),
  );
  return { row, teachers: made, networks, ceilings: ceilings([...evaluations.values()], 'test') };
}

const isTripletSet = (data: DataSet): boolean => (tripletSets as readonly string[]).includes(data);

/** Orders jobs: teachers, what is made from them, all networks once with their evaluations, then repetitions. */
function inOrder(jobs: readonly Job[], turns: ReadonlyMap<string, number>): Job[] {
  const place = (job: Job): number => {
    if (job.stage === 'teachers') return -2;
    if (job.stage === 'embeddings') return -1;
    return turns.get(job.kind === 'evaluation' ? job.needs[0] : job.key) ?? 0;
  };
  return [...jobs].sort((a, b) => place(a) - place(b));
}
