import { LEVEL, pairsNeeded } from '../../statistics/permutation-test.js';
import type { AblationResult, ComparedVariant } from './compare.js';

const shown = (value: number): string => value.toFixed(3);
const probability = (p: number): string => (p < 0.001 ? 'below .001' : p.toPrecision(2).replace(/^0/, ''));

/** So many draws are needed before any difference can be told from chance among so many comparisons. */
export const drawsNeeded = pairsNeeded;

/**
 * What an ablation says, in sentences: of each value whether its difference to the reference can be told from chance,
 * by the paired permutation test over draws with all comparisons in view; last, which value validation would choose.
 */
export function ablationWords(result: AblationResult): string[] {
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
  const { n, mean, interval, higher, lower, probability: p, corrected } = comparison;
  const side = mean < 0 ? 'lower' : 'higher';
  const range = interval === null ? '' : ` (95 % interval ${shown(interval.low)} to ${shown(interval.high)})`;
  const which = `${row.metric} differs by ${shown(mean)}${range}, ${side} on ${mean < 0 ? lower : higher} of ${n} draws`;
  if (p === null || corrected === null) return `${which}.`;
  const tested = `p ${probability(p)}${comparisons > 1 ? `, ${probability(corrected)} with all ${comparisons} comparisons in view` : ''}`;
  if (corrected <= LEVEL) return `${which}; ${tested}: it can be told from chance.`;
  const needed = drawsNeeded(comparisons);
  const hopeless = n < needed ? `; with fewer than ${needed} draws no difference could` : '';
  return `${which}; ${tested}: it cannot be told from chance${hopeless}.`;
}
