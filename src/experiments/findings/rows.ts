import type { CollectedRow, CollectedTable } from '../collect/collected.js';
import { compareRows } from '../collect/collect.js';
import { judge } from '../collect/columns.js';
import { describeDifference } from '../collect/describe-difference.js';
import { meanInterval } from '../../statistics/verdict.js';

const shown = (value: number): string => value.toFixed(3).replace(/^0/, '');

/** Returns the rows of a table that have runs. */
export const rowsOf = (table: CollectedTable | undefined): readonly CollectedRow[] =>
  (table?.rows ?? []).filter(({ n }) => n > 0);

export const rowNamed = (table: CollectedTable | undefined, data: string, name: string): CollectedRow | undefined =>
  rowsOf(table).find((row) => row.data === data && row.name === name);

const counted = (n: number): string => `${n} ${n === 1 ? 'run' : 'runs'}`;

/** Formats a row as `yummly, rkd: FCT, test .807 (standard deviation of a run .032, 5 runs)`. */
export function rowWords({ data, name, metric, n, mean, standardDeviation }: CollectedRow): string {
  const spread = standardDeviation === null ? '' : `standard deviation of a run ${shown(standardDeviation)}, `;
  return `${data}, ${name}: ${metric} ${shown(mean!)} (${spread}${counted(n)}).`;
}

/** Returns the row with the values before training, or those of the features, in place of the results. */
export function before(row: CollectedRow, what: 'start' | 'features'): CollectedRow {
  const runs = row.runs.flatMap((run) => (run[what] === undefined ? [] : [{ ...run, value: run[what] }]));
  return { ...row, name: what === 'start' ? 'the untrained start' : 'the features alone', runs };
}

/** Says how much higher each first row is than its second; p-values are corrected for all these pairs. */
export function pairsWords(pairs: readonly (readonly [CollectedRow, CollectedRow])[]): string[] {
  const found = pairs.flatMap(([first, second]) => {
    const [comparison] = compareRows([first, second], 'findings');
    return comparison === undefined ? [] : [{ comparison, metric: first.metric }];
  });
  return judge(found.map(({ comparison }) => comparison)).map((comparison, i) => {
    const { data, first, second } = comparison;
    const words = describeDifference({
      metric: found[i].metric,
      comparison,
      comparisons: found.length,
      interval: meanInterval(comparison),
    });
    return `${data}, ${first} against ${second}: ${words}`;
  });
}
