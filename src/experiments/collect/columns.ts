import { holmPValues } from '../../statistics/holm.js';
import { FEWEST_RUNS, meanInterval, verdict, type Verdict } from '../../statistics/verdict.js';
import type { CollectedRow, CollectedRun, CollectedTable, Comparison } from './collected.js';

/** A cell of a table; null is empty. */
export type Cell = string | number | null;
/** A row, by the names of its columns in their order; all rows have all columns. */
export type Cells = Readonly<Record<string, Cell>>;

/** Returns the rows of a table as flat records, as they are printed. */
export function rowCells({ rows, varied }: CollectedTable): Cells[] {
  const columns = {
    teachers: rows.some((row) => row.teachers !== null),
    published: rows.some((row) => row.published !== null),
    start: rows.some(({ runs }) => runs.some(({ start }) => start !== undefined)),
    ceiling: rows.some(({ ceiling }) => ceiling !== undefined),
  };
  return rows.map((row) => ({
    data: row.data,
    [varied]: row.name,
    metric: row.metric,
    over: row.over,
    runs: row.n,
    wanted: row.wanted,
    mean: row.mean,
    sd: row.standardDeviation,
    'low 95 %': row.interval?.low ?? null,
    'high 95 %': row.interval?.high ?? null,
    ...(columns.start && { features: meanOf(row.runs, 'features'), start: meanOf(row.runs, 'start') }),
    ...(columns.ceiling && { ceiling: row.ceiling ?? null }),
    ...(columns.published && { published: row.published }),
    ...(columns.teachers && {
      "teachers' FCT": row.teachers?.fct ?? null,
      "teachers' agreement": row.teachers?.agreement ?? null,
    }),
    seconds: row.seconds,
  }));
}

/** Returns the mean over the runs that have this value from before their training. */
function meanOf(runs: readonly CollectedRun[], key: 'features' | 'start'): number | null {
  const values = runs.flatMap((run) => run[key] ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns `rowCells` with the software that computed each row, for files and frames, which carry no remarks. */
export function recordCells(table: CollectedTable): Cells[] {
  const { rows } = table;
  const distinct = (names: readonly string[]): string => [...new Set(names)].join('; ');
  return withoutShortIntervals(rowCells(table), null).map((cells, at) => ({
    ...cells,
    engine: distinct(rows[at].runs.map(({ engine }) => engine)),
    machine: distinct(rows[at].runs.map(({ machine }) => machine)),
  }));
}

/** Rows that can be compared in one figure. */
export interface ComparableRows {
  readonly data: string;
  readonly metric: string;
  readonly rows: readonly CollectedRow[];
}

/**
 * Groups rows with runs by data set and metric. A row whose metric no other row of its data set has is left out if
 * others can be compared: teachers among students are measured on different triplets.
 */
export function comparableRows(rows: readonly CollectedRow[]): ComparableRows[] {
  const groups = new Map<string, { data: string; metric: string; rows: CollectedRow[] }>();
  for (const row of rows) {
    if (row.n === 0) continue;
    const { data, metric } = row;
    const key = JSON.stringify([data, metric]);
    const group = groups.get(key) ?? { data, metric, rows: [] };
    groups.set(key, group);
    group.rows.push(row);
  }
  const all = [...groups.values()];
  const compared = new Set(all.flatMap((group) => (group.rows.length > 1 ? group.data : [])));
  return all.filter((group) => group.rows.length > 1 || !compared.has(group.data));
}

/** Returns all paired comparisons of a table for files and frames. */
export const comparisonRecords = ({ comparisons }: CollectedTable): Cells[] =>
  withoutShortIntervals(comparisonCells(comparisons), null);

/** Returns paired comparisons as flat records, with Student's interval of the mean difference. */
export function comparisonCells(comparisons: readonly (Comparison & Partial<Judged>)[]): Cells[] {
  return comparisons.map(({ data, first, second, n, mean, standardDeviation, higher, lower, pValue, ...judged }) => {
    const interval = meanInterval({ n, mean, standardDeviation });
    return {
      data,
      first,
      second,
      pairs: n,
      difference: mean,
      sd: standardDeviation,
      'low 95 %': interval?.low ?? null,
      'high 95 %': interval?.high ?? null,
      higher,
      lower,
      p: pValue,
      ...(judged.verdict !== undefined && { 'p, Holm': judged.corrected ?? null, verdict: judged.verdict }),
    };
  });
}

/** The verdict of a comparison. */
export interface Judged {
  /** The p-value after Holm's correction for all comparisons of its data set. */
  readonly corrected: number | null;
  readonly verdict: Verdict;
}

/** Returns the comparisons with the table's reference, each with its verdict. */
export function withReference({
  comparisons,
  reference,
}: Pick<CollectedTable, 'comparisons' | 'reference'>): (Comparison & Judged)[] {
  const found = comparisons.flatMap((one) => {
    if (one.second === reference) return [one];
    return one.first === reference ? [turned(one)] : [];
  });
  return [...new Set(found.map(({ data }) => data))].flatMap((data) => judge(found.filter((one) => one.data === data)));
}

/** Adds verdicts to comparisons that are corrected together. */
export function judge(comparisons: readonly Comparison[]): (Comparison & Judged)[] {
  const corrected = holmPValues(comparisons.map(({ pValue }) => pValue));
  return comparisons.map((one, i) => ({ ...one, corrected: corrected[i], verdict: verdict(one, corrected[i]) }));
}

function turned({ first, second, mean, interval, higher, lower, ...rest }: Comparison): Comparison {
  const { low, high } = interval ?? { low: 0, high: 0 };
  return {
    ...rest,
    first: second,
    second: first,
    mean: 0 - mean,
    interval: interval && { low: 0 - high, high: 0 - low },
    higher: lower,
    lower: higher,
  };
}

/** Replaces the intervals of rows with few runs, or pairs of runs: by `-` for printing, by null for files. */
export function withoutShortIntervals(rows: readonly Cells[], by: Cell = '-'): Cells[] {
  return rows.map((row) => {
    const n = row['runs'] ?? row['pairs'] ?? row['draws'];
    if (typeof n !== 'number' || n >= FEWEST_RUNS) return row;
    return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, name.includes('95 %') ? by : cell]));
  });
}

/** Says why intervals are missing, below a table; undefined where none is. */
export const missingIntervals = (rows: readonly Cells[]): string | undefined =>
  rows.some((row) => Object.values(row).includes('-')) ? `-: no interval from fewer than ${FEWEST_RUNS} runs` : undefined; // prettier-ignore

const counts = new Set(['runs', 'wanted', 'pairs', 'higher', 'lower']);

/** Formats a cell: counts whole, seconds with one decimal, everything else with four. */
export function printed(column: string, cell: Cell): string {
  if (typeof cell !== 'number') return cell ?? '';
  if (counts.has(column)) return String(cell);
  // a p-value is never 0
  if (/^p(,|$)/.test(column) && cell < 0.0001) return '< 0.0001';
  return cell.toFixed(column === 'seconds' ? 1 : 4);
}
