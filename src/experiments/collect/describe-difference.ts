import { LEVEL, pairsNeeded } from '../../statistics/permutation-test.js';
import { FEWEST_RUNS, MARGIN } from '../../statistics/verdict.js';
import type { Interval } from '../../statistics/bootstrap.js';
import type { Comparison } from './collected.js';
import type { Judged } from './columns.js';

/** A difference, with what a sentence about it needs. */
export interface TestedDifference {
  /** `FCT, test`. */
  readonly metric: string;
  readonly comparison: Comparison & Judged;
  /** The number of comparisons that p-values are corrected for. */
  readonly comparisons: number;
  /** The confidence interval of the mean difference. */
  readonly interval: Interval | null;
  /** The name of what is paired: `draws`, `pairs`. */
  readonly unit?: string;
}

const shown = (value: number): string => value.toFixed(3);
const formatPValue = (p: number): string => (p < 0.001 ? 'below .001' : p.toPrecision(2).replace(/^0/, ''));

/** Says in a sentence how large a difference is, and whether it is significant. */
export function describeDifference({
  metric,
  comparison,
  comparisons,
  interval,
  unit = 'pairs',
}: TestedDifference): string {
  const { n, mean, higher, lower, pValue: p, corrected, verdict } = comparison;
  const side = mean < 0 ? 'lower' : 'higher';
  const range =
    interval === null || n < FEWEST_RUNS ? '' : ` (95 % interval ${shown(interval.low)} to ${shown(interval.high)})`;
  const which = `${metric} differs by ${shown(mean)}${range}, ${side} on ${mean < 0 ? lower : higher} of ${n} ${unit}`;
  if (p === null || corrected === null) return `${which}.`;
  const tested = `p ${formatPValue(p)} by the paired sign-flip permutation test${comparisons > 1 ? `, ${formatPValue(corrected)} by Holm's correction for ${comparisons} comparisons` : ''}`;
  if (corrected <= LEVEL) return `${which}; ${tested}: a significant difference.`;
  const needed = pairsNeeded(comparisons);
  const hopeless = n < needed ? `; with fewer than ${needed} ${unit} no difference can be significant` : '';
  const equal =
    verdict === 'equivalent' ? `; it is smaller than ${MARGIN.toFixed(2).slice(1)}, by two one-sided t tests` : '';
  return `${which}; ${tested}: no significant difference${hopeless}${equal}.`;
}
