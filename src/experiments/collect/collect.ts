import { metricNote } from '../../configuration/notes.js';
import type { TrainingConfiguration } from '../../configuration/types.js';
import type { TeacherEnsemble } from '../../evaluation/index.js';
import type { TripletCeiling } from '../../datasets/index.js';
import { RandomStream } from '../../random/stream.js';
import { runKey, type RunRecord } from '../../training/index.js';
import { firstIn, placesOf } from '../jobs/kept-records.js';
import type { ResolvedTable, RowSources } from '../jobs/resolve-table.js';
import { recordOf, resultOf } from '../jobs/result.js';
import { bootstrapInterval } from '../../statistics/bootstrap.js';
import type { CollectedRow, CollectedRun, CollectedTable, Comparison } from './collected.js';
import { foundNetwork } from './found-network.js';
import { mixedData } from './mixed-data.js';
import { rowName, type Published } from './published.js';
import { differencesOfPairs, summarize } from '../../statistics/summarize.js';
import { signFlipPValue } from '../../statistics/permutation-test.js';

/**
 * Collects a table's numbers from the records of its finished runs.
 *
 * @param published values from elsewhere, by row
 */
export function collectTable(resolved: ResolvedTable, published: Published = {}): CollectedTable {
  const { table, profile, rows: sources, notes } = resolved;
  const places = placesOf(resolved);
  const found = sources.map((source) => collectRow(source, places, table.name, published[table.name] ?? {}));
  const rows = found.map(({ row }) => row);
  const runs = rows.flatMap((row) => row.runs);
  const distinct = (words: readonly string[]): string[] => [...new Set(words)].sort();
  return {
    format: 1,
    table: table.name,
    title: table.title,
    profile: profile.name,
    varied: table.varied,
    reference: table.reference,
    deviations: notes,
    corrections: table.corrections,
    data: [...mixedData(found.flatMap(({ records }) => records)), ...distinct(found.flatMap(({ facts }) => facts))],
    engines: distinct(runs.map(({ engine }) => engine)),
    machines: distinct(runs.map(({ machine }) => machine)),
    rows,
    comparisons: compareRows(rows, table.name),
  };
}

interface FoundRun {
  readonly record: RunRecord;
  readonly configuration: TrainingConfiguration;
  readonly value: number;
  readonly start?: number;
  readonly features?: number;
  readonly metric: string;
  readonly count: number | undefined;
  readonly of: string;
}

function collectRow(
  { row, teachers, networks, ceilings }: RowSources,
  places: readonly string[],
  table: string,
  published: Readonly<Record<string, number>>,
): { row: CollectedRow; facts: string[]; records: RunRecord[] } {
  const wanted = row.kind === 'networks' ? networks.length : teachers.reduce((n, { ensemble }) => n + ensemble.runs.length, 0); // prettier-ignore
  const found = row.kind === 'networks' ? ofNetworks(networks, places) : ofTeachers(teachers, places);
  const runs = toRuns(found);
  const { n, mean, standardDeviation } = summarize(runs.map(({ value }) => value));
  const asked = teachers.flatMap(
    ({ ensemble }) => firstIn(places, (at) => resultOf<TeacherEnsemble>(ensemble, at))?.found ?? [],
  );
  const agreements = asked.flatMap(({ agreement }) => agreement ?? []);
  return {
    row: {
      data: row.data,
      name: row.name,
      metric: found.at(0)?.metric ?? '',
      over: overOf(found),
      wanted,
      n,
      mean,
      standardDeviation,
      interval: bootstrapInterval(
        runs.map(({ value }) => value),
        new RandomStream(0, 'bootstrap', table, row.data, row.name),
      ),
      seconds: summarize(runs.map(({ seconds }) => seconds)).mean,
      teachers:
        asked.length === 0
          ? null
          : { fct: summarize(asked.map(({ fct }) => fct)).mean!, agreement: summarize(agreements).mean },
      ...ceilingOf(ceilings, places),
      published: published[rowName(row)] ?? null,
      runs,
    },
    facts: found.flatMap(({ record }) => record.data.notes),
    records: found.map(({ record }) => record),
  };
}

/** Returns the mean ceiling over splits; nothing if that of a split is not estimable. */
function ceilingOf(jobs: RowSources['ceilings'], places: readonly string[]): { ceiling?: number } {
  const found = jobs.flatMap(
    (job) => firstIn(places, (place) => resultOf<TripletCeiling>(job, place))?.found.ceiling?.value ?? [],
  );
  return found.length === 0 || found.length < jobs.length ? {} : { ceiling: summarize(found).mean! };
}

function overOf(found: readonly FoundRun[]): string {
  const counts = found.flatMap(({ count }) => count ?? []);
  if (counts.length === 0) return '';
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return `${least}${most > least ? ` to ${most}` : ''} ${found[0].of}`;
}

/** Finds the results of networks from their evaluations. */
function ofNetworks(networks: RowSources['networks'], places: readonly string[]): FoundRun[] {
  return networks.flatMap((network) => {
    const found = foundNetwork(network, places);
    if (found === undefined) return [];
    const { evaluation, ...rest } = found;
    const { value, metric, subset, count, of } = evaluation;
    return [{ ...rest, value, metric: `${metric}, ${subset}`, count, of }];
  });
}

/**
 * Finds the results of teachers: FCT over all triplets that they are validated on, as networks are measured. Before
 * that evaluation exists, the best epoch of their training counts; a metric that is a mean over batches is named so.
 */
function ofTeachers(teachers: RowSources['teachers'], places: readonly string[]): FoundRun[] {
  return teachers.flatMap(({ ensemble }) => {
    // results of runs that have changed since are not found
    const place = places.find((one) => resultOf(ensemble, one) !== undefined) ?? places[0];
    const asked = resultOf<TeacherEnsemble>(ensemble, place)?.found.each as readonly number[] | undefined;
    return ensemble.runs.flatMap((configuration, i) => {
      const record = recordOf(configuration, place);
      if (record?.status !== 'finished' || record.best === null) return [];
      const { metric } = record.best;
      const batches = asked === undefined && metricNote(configuration) !== undefined;
      const count = record.data.counts['validation'] as number | undefined;
      return {
        record,
        configuration,
        value: asked?.[i] ?? record.best.value,
        metric: `${metric}, validation${batches ? ', mean over batches' : ''}`,
        count,
        of: 'triplets',
      };
    });
  });
}

function toRuns(found: readonly FoundRun[]): CollectedRun[] {
  const before = new Map<string, number>();
  return found.map(({ record, configuration, value, start, features }) => {
    const { version } = configuration.dataset;
    const place = JSON.stringify([version, record.seed]);
    const repetition = before.get(place) ?? 0;
    before.set(place, repetition + 1);
    const { processor, cores } = record.machine as { processor?: string; cores?: number };
    return {
      run: record.name,
      key: runKey(configuration),
      version,
      repetition,
      seed: record.seed,
      value,
      ...(start !== undefined && { start }),
      ...(features !== undefined && { features }),
      seconds: record.seconds,
      engine: String(record.engine['name']),
      machine: processor === undefined ? 'a machine not recorded' : `${processor}, ${cores} cores`,
      ...(record.inputs && { inputs: record.inputs }),
    };
  });
}

/** Compares all pairs of rows on the same data. */
export function compareRows(rows: readonly CollectedRow[], table: string): Comparison[] {
  return rows.flatMap((first, i) =>
    rows.slice(i + 1).flatMap((second) => (second.data === first.data ? compare(first, second, table) : [])),
  );
}

/** Returns the split of a version: students and the direct route have other versions of the same split. */
const splitOf = (version: string): string => /~\d+$/.exec(version)?.[0] ?? '';

/** Returns the key by which runs are paired: runs with the same key can be compared. */
export const pairOf = ({ version, repetition, seed }: CollectedRun): string =>
  JSON.stringify([splitOf(version), repetition, seed]);

function compare(first: CollectedRow, second: CollectedRow, table: string): Comparison[] {
  if (first.metric !== second.metric) return [];
  const differences = differencesOfPairs(first.runs, second.runs, pairOf);
  const { n, mean, standardDeviation } = summarize(differences);
  if (mean === null) return [];
  return [
    {
      data: first.data,
      first: first.name,
      second: second.name,
      n,
      mean,
      standardDeviation,
      interval: bootstrapInterval(
        differences,
        new RandomStream(0, 'bootstrap', table, first.data, first.name, second.name),
      ),
      higher: differences.filter((difference) => difference > 0).length,
      lower: differences.filter((difference) => difference < 0).length,
      pValue: signFlipPValue(differences),
    },
  ];
}
