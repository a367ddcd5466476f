import { holmProbabilities } from '../../statistics/holm.js';
import { meanInterval, verdict, type Verdict } from '../../statistics/verdict.js';
import type { CollectedRow, CollectedRun, CollectedTable, Comparison } from './collected.js';

/** A cell; null is empty. */
export type Cell = string | number | null;
/** A row by its columns' names, in their order; all rows have all columns. */
export type Cells = Readonly<Record<string, Cell>>;

/** The rows of a table as flat records, as they are printed. */
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
    sd: row.deviation,
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

/** The mean over the runs that have a value before their training. */
function meanOf(runs: readonly CollectedRun[], key: 'features' | 'start'): number | null {
  const values = runs.flatMap((run) => run[key] ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The same with what computed each row, for files and frames, which have no remarks beside them. */
export function recordCells(table: CollectedTable): Cells[] {
  const { rows } = table;
  const distinct = (names: readonly string[]): string => [...new Set(names)].join('; ');
  return rowCells(table).map((cells, at) => ({
    ...cells,
    engine: distinct(rows[at].runs.map(({ engine }) => engine)),
    machine: distinct(rows[at].runs.map(({ machine }) => machine)),
  }));
}

/** Rows that can stand in one figure. */
export interface ComparableRows {
  readonly data: string;
  readonly metric: string;
  readonly rows: readonly CollectedRow[];
}

/**
 * Rows with runs, by data set and metric. A row whose metric no other row of its data set has is left out where others
 * can be compared: teachers among students are measured on other triplets.
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

/** Paired comparisons as flat records, with Student's interval of the mean difference. */
export function comparisonCells(comparisons: readonly (Comparison & Partial<Judged>)[]): Cells[] {
  return comparisons.map(({ data, first, second, n, mean, deviation, higher, lower, probability, ...judged }) => {
    const interval = meanInterval({ n, mean, deviation });
    return {
      data,
      first,
      second,
      pairs: n,
      difference: mean,
      sd: deviation,
      'low 95 %': interval?.low ?? null,
      'high 95 %': interval?.high ?? null,
      higher,
      lower,
      p: probability,
      ...(judged.verdict !== undefined && { 'p, Holm': judged.corrected ?? null, verdict: judged.verdict }),
    };
  });
}

/** What a comparison says. */
export interface Judged {
  /** `probability` with all comparisons of its data set in view, by Holm's correction. */
  readonly corrected: number | null;
  readonly verdict: Verdict;
}

/** The comparisons with the table's reference: how much higher each row is, and what can be said of it. */
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

/** Judges comparisons that belong together. */
export function judge(comparisons: readonly Comparison[]): (Comparison & Judged)[] {
  const corrected = holmProbabilities(comparisons.map(({ probability }) => probability));
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

const counts = new Set(['runs', 'wanted', 'pairs', 'higher', 'lower']);

/** A cell as printed: counts whole, tenths of seconds, four decimals of all else. */
export function printed(column: string, cell: Cell): string {
  if (typeof cell !== 'number') return cell ?? '';
  if (counts.has(column)) return String(cell);
  // no p is 0
  if (/^p(,|$)/.test(column) && cell < 0.0001) return '< 0.0001';
  return cell.toFixed(column === 'seconds' ? 1 : 4);
}
