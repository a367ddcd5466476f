import { pairsNeeded } from '../../statistics/permutation-test.js';
import { differenceWords } from '../collect/words.js';
import type { AblationResult, ComparedVariant } from './compare.js';

/** So many draws are needed before any difference can be told from chance among so many comparisons. */
export const drawsNeeded = pairsNeeded;

/**
 * What an ablation says, in sentences: of each value whether its difference to the reference can be told from chance,
 * by the paired permutation test over draws with all comparisons in view; last, which value validation would choose.
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

/** Students of other teachers have other targets, and their validation says nothing of one another. */
function choice({ variants, table }: AblationResult): string[] {
  const known = variants.flatMap(({ variant, validation }) => (validation === null ? [] : [{ variant, validation }]));
  const draws = new Set(variants.map(({ row }) => row.n)); // means over other draws are not to be compared
  if (known.length < variants.length || draws.size > 1 || table.varied.startsWith('teachers.')) return [];
  const best = known.reduce((a, b) => (b.validation.mean > a.validation.mean ? b : a));
  return [`By the mean ${best.validation.metric} on validation one would choose ${table.varied} ${best.variant.name}.`];
}

function verdict({ comparison, row }: ComparedVariant, comparisons: number): string {
  if (comparison === undefined) return row.n === 0 ? 'no run yet.' : 'nothing to compare yet.';
  const { interval } = comparison;
  return differenceWords({ metric: row.metric, comparison, comparisons, interval, unit: 'draws' });
}
