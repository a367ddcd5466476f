import { detectableDifference } from '../../statistics/power.js';
import { leastPValue, LEVEL, pairsNeeded } from '../../statistics/permutation-test.js';
import { collectTable } from '../collect/collect.js';
import { withReference } from '../collect/columns.js';
import type { CollectedTable } from '../collect/collected.js';
import { storedTable } from '../collect/stored-table.js';
import type { ResolvedTable, RowSources } from '../jobs/resolve-table.js';

const shown = (value: number): string => value.toFixed(4).replace(/^0/, '');
const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** The standard deviation of earlier differences, and which runs it comes from. */
interface Spread {
  readonly standardDeviation: number;
  readonly pairs: number;
  readonly profile: string;
}

/** Pools the standard deviations of differences with the reference: s^2 = sum (n - 1) s_i^2 / sum (n - 1). */
function spreadOf(table: CollectedTable, data: string): Spread | undefined {
  const known = withReference(table).filter((one) => one.data === data && one.n > 1 && one.standardDeviation !== null);
  const degrees = known.reduce((sum, { n }) => sum + n - 1, 0);
  if (degrees === 0) return undefined;
  const squares = known.reduce((sum, { n, standardDeviation }) => sum + (n - 1) * standardDeviation! ** 2, 0);
  const pairs = known.reduce((sum, { n }) => sum + n, 0);
  return { standardDeviation: Math.sqrt(squares / degrees), pairs, profile: table.profile };
}

const runsOf = ({ row, teachers, networks }: RowSources): number =>
  row.kind === 'networks' ? networks.length : teachers.reduce((sum, { ensemble }) => sum + ensemble.runs.length, 0);

/**
 * Says, before a table is run, which differences to its reference it can detect. The answer depends on the number of
 * pairs and on the standard deviation of earlier differences, of this table or else of the one kept with its notebook.
 *
 * @returns lines; none where there is nothing to compare
 */
export function describePower(resolved: ResolvedTable): string[] {
  const { table, rows } = resolved;
  const collected = collectTable(resolved);
  const stored = storedTable(table.name);
  return [...new Set(rows.map(({ row }) => row.data))].flatMap((data) => {
    const ofData = rows.filter(({ row }) => row.data === data);
    const reference = ofData.find(({ row }) => row.name === table.reference);
    // teachers among networks are measured on different triplets
    const others = ofData.filter((one) => one !== reference && one.row.kind === reference?.row.kind);
    if (reference === undefined || others.length === 0) return [];
    const spread = spreadOf(collected, data) ?? (stored && spreadOf(stored, data));
    const pairsOf = (one: RowSources): number => Math.min(runsOf(one), runsOf(reference));
    const sizes = [...new Set(others.map(pairsOf))].sort((a, b) => b - a);
    return [
      `power on ${data}: ${counted(others.length, 'comparison')} with ${table.reference}, over runs of equal split and seed`,
      ...sizes.flatMap((pairs) => {
        const names = others.filter((one) => pairsOf(one) === pairs).map(({ row }) => row.name);
        return [
          `  ${counted(pairs, 'pair')} (${names.join(', ')}): ${byPermutation(pairs, others.length)}; ${bySpread(spread, pairs)}`,
        ];
      }),
      `  ${ofSpread(spread)}`,
    ];
  });
}

function byPermutation(pairs: number, comparisons: number): string {
  const needed = pairsNeeded(comparisons);
  const least = `p by Holm is ${shown(Math.min(1, comparisons * leastPValue(pairs)))} at least`;
  return pairs >= needed
    ? least
    : `${least}, no difference can be significant at ${shown(LEVEL).slice(0, 3)} (with ${needed} pairs one can)`;
}

function bySpread(spread: Spread | undefined, pairs: number): string {
  const size = spread && detectableDifference(spread.standardDeviation, pairs);
  return size === undefined || size === null
    ? 'what intervals show is not known yet'
    : `95 % intervals show a difference of ${shown(size)} in 80 of 100 experiments`;
}

function ofSpread(spread: Spread | undefined): string {
  if (spread === undefined) return 'spread of differences: not known before runs are there';
  const { standardDeviation, pairs, profile } = spread;
  return `spread of differences: ${shown(standardDeviation)} (${counted(pairs, 'earlier pair')}, profile ${profile})`;
}
