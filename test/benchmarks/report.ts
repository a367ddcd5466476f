import { UsageError, unknown } from '../../src/errors.js';
import { median, pairedRatio } from './statistics.js';

/** What a benchmark found. */
export interface Report {
  readonly rows: readonly Row[];
  /** What was left out and why, which programs stood beside ours. */
  readonly notes: readonly string[];
}

/** Values by column; absent where they could not be measured. */
export type Row = Readonly<Record<string, string | number | undefined>>;

/** `key=value` options of the command line. */
export type Options = Readonly<Partial<Record<string, string>>>;

/** Measures something. */
export type Benchmark = (options: Options) => Report | Promise<Report>;

const short = (value: number): string => String(Number(value.toPrecision(3)));

/**
 * The columns of a comparison: how many times as fast ours is by the rounds, and whether that is what is wanted.
 *
 * @param ours, theirs times of the same rounds; columns are empty without theirs
 * @param target the least ratio that is wanted
 */
export function compared(ours: readonly number[], theirs: readonly number[], target?: number): Row {
  if (theirs.length === 0) return {};
  const { median: middle, least, most } = pairedRatio(ours, theirs);
  return {
    'times as fast': middle,
    rounds: ours.length === 1 ? '1' : `${ours.length}: ${short(least)} to ${short(most)}`,
    ...(target !== undefined && { wanted: target, reached: middle >= target ? 'yes' : 'no' }),
  };
}

/** The median of a key of what was measured. */
export const medianOf = <K extends string>(all: readonly Readonly<Record<K, number>>[], key: K): number =>
  median(all.map((one) => one[key]));

/** Says a row as soon as it is there: the whole takes long. */
export class Rows {
  readonly rows: Row[] = [];

  add(row: Row): void {
    const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
    this.rows.push(given);
    console.log(JSON.stringify(rounded(given)));
  }
}

/** Rows by the name of their first column: each group is a table. */
export function tables(rows: readonly Row[]): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const [first] = Object.keys(row);
    groups.set(first, [...(groups.get(first) ?? []), row]);
  }
  return [...groups.values()];
}

/** Four digits. */
export const rounded = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? Number(value.toPrecision(4)) : value]),
  );

/** A smoke run: small sizes, whose numbers mean nothing. */
export const isQuick = (options: Options): boolean => options['quick'] === 'yes';

/** A positive number of the options, else the usual one, or that of a quick run. */
export function numberOf(options: Options, key: string, usual: number, quick = usual): number {
  const told = options[key];
  if (told === undefined) return isQuick(options) ? quick : usual;
  const value = Number(told);
  if (!(value > 0 && Number.isFinite(value))) throw new UsageError(`invalid ${key}: ${told}; a positive number needed`);
  return value;
}

/** A selection `key=a,b` of the options, else the usual one, or that of a quick run. */
export function listOf<T extends string>(
  options: Options,
  key: string,
  all: readonly T[],
  usual: readonly T[] = all,
  quick: readonly T[] = usual,
): readonly T[] {
  const told = options[key]?.split(',');
  if (told === undefined) return isQuick(options) ? quick : usual;
  for (const name of told) if (!all.includes(name as T)) throw unknown(key, name, [...all]);
  return told as T[];
}
