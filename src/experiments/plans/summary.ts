import { differencesOfPairs, summarize } from '../../statistics/summarize.js';
import type { ResultRow } from './results.js';

/** A mean over runs, with the standard deviation of one run (0 for a single run). */
export interface Spread {
  readonly mean: number;
  readonly standardDeviation: number;
}

/** The results of several runs of one configuration. */
export interface RowSummary {
  readonly route: ResultRow['route'];
  readonly name: string;
  readonly model: string;
  readonly loss: string;
  readonly epochs: number;
  readonly runs: number;
  /** Over the runs that have a value; null where none has. */
  readonly validation: Spread | null;
  readonly start: Spread | null;
  readonly value: Spread | null;
  readonly seconds: Spread;
}

/** Overrides that differ between repetitions, and do not change what is repeated. */
const repeated = /^(seed|num_repetitions|offset_for_repetition|run\.id|dataset\.data_seed)=/;

/** Groups rows that differ in nothing but the run, in the order of their first occurrence. */
function groupRows(rows: readonly ResultRow[]): ResultRow[][] {
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows) {
    const { route, name, model, loss, epochs, overrides } = row;
    const kind = JSON.stringify([route, name, model, loss, epochs, overrides.filter((one) => !repeated.test(one))]);
    groups.set(kind, [...(groups.get(kind) ?? []), row]);
  }
  return [...groups.values()];
}

/** Summarizes rows by configuration: mean = sum x / n, standardDeviation^2 = sum (x - mean)^2 / (n - 1). */
export function summarizeRows(rows: readonly ResultRow[]): RowSummary[] {
  return groupRows(rows).map((group) => {
    const [{ route, name, model, loss, epochs }] = group;
    return {
      route,
      name,
      model,
      loss,
      epochs,
      runs: group.length,
      validation: spreadOf(group.map(({ validation }) => validation?.value ?? null)),
      start: spreadOf(group.map(({ start }) => start)),
      value: spreadOf(group.map(({ value }) => value)),
      seconds: spreadOf(group.map(({ seconds }) => seconds))!,
    };
  });
}

function spreadOf(given: readonly (number | null)[]): Spread | null {
  const values = given.filter((value): value is number => value !== null);
  const { mean, standardDeviation } = summarize(values);
  return mean === null ? null : { mean, standardDeviation: standardDeviation ?? 0 };
}

/**
 * Returns the differences between two configurations' values on the same data: one for each seed that both have, in the
 * order of the first one's rows.
 *
 * @param first name of a configuration, as the results name it
 * @returns empty where they share no seed
 */
export function pairedDifferences(rows: readonly ResultRow[], first: string, second: string): number[] {
  const valued = rows.filter((row): row is ResultRow & { value: number } => row.value !== null);
  const named = (wanted: string) => valued.filter(({ name }) => name === wanted);
  return differencesOfPairs(named(first), named(second), ({ seed }) => seed);
}
