import { pairsNeeded } from '../../statistics/permutation-test.js';
import { describeDifference } from '../collect/describe-difference.js';
import type { AblationResult, ComparedVariant } from './compare.js';

/** Returns the number of draws below which no difference can be significant, given the number of comparisons. */
export const drawsNeeded = pairsNeeded;

/**
 * States the results of an ablation in sentences: for each value, whether its difference to the reference is
 * significant by the paired sign-flip permutation test over draws, corrected for all comparisons; last, which value
 * validation chooses.
 */
export function ablationVerdicts(result: AblationResult): string[] {
  const { variants, reference, comparisons, table } = result;
  const said = variants
    .filter((one) => one !== reference)
    .map((one) => {
      const what = `${table.varied} ${one.variant.name} instead of ${reference.variant.name}`;
      return `${what}: ${verdict(one, comparisons)}`;
    });
  return [...said, ...choice(result)];
}

/**
 * Says which value validation chooses. Students of different teachers have different targets, so they are not compared.
 */
function choice({ variants, table }: AblationResult): string[] {
  const known = variants.flatMap(({ variant, validation }) => (validation === null ? [] : [{ variant, validation }]));
  const draws = new Set(variants.map(({ row }) => row.n)); // means over different draws cannot be compared
  if (known.length < variants.length || draws.size > 1 || table.varied.startsWith('teachers.')) return [];
  const best = known.reduce((a, b) => (b.validation.mean > a.validation.mean ? b : a));
  return [`By the mean ${best.validation.metric} on validation one would choose ${table.varied} ${best.variant.name}.`];
}

function verdict({ comparison, row }: ComparedVariant, comparisons: number): string {
  if (comparison === undefined) return row.n === 0 ? 'no run yet.' : 'nothing to compare yet.';
  const { interval } = comparison;
  return describeDifference({ metric: row.metric, comparison, comparisons, interval, unit: 'draws' });
}
