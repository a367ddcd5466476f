import { fitProbes, penalties, rowProducts, transformRows } from './fit-probe.js';
import { allBut, restrict } from './item-folds.js';
import { answerLoss, type ProbeData } from './probe-objective.js';

/** A loss this many times the best one ends the search: weaker penalties fit the training items alone. */
const TOO_BAD = 1.25;

/** The mean loss on one part, by probes fitted without two parts, at each penalty that was tried. */
type Losses = ReadonlyMap<string, readonly number[]>;

const key = (asked: number, left: number): string => `${asked} without ${left}`;

/**
 * Computes losses on held-out answers, by which penalties are chosen. For each two parts i and j, probes are fitted to
 * all other parts and asked about i and about j. So for each part that is held out for the result there are losses to
 * which it contributed nothing.
 */
export async function penaltyLosses(
  data: ProbeData,
  parts: readonly Int32Array[],
  signal?: AbortSignal,
): Promise<Losses> {
  const losses = new Map<string, number[]>();
  for (let i = 0; i < parts.length; i++)
    for (let j = i + 1; j < parts.length; j++) {
      const asked = [i, j].map((part) => restrict(data, parts[part]));
      const found: [number[], number[]] = [[], []];
      losses.set(key(i, j), found[0]).set(key(j, i), found[1]);
      await fitProbes(
        restrict(data, allBut(parts, i, j)),
        penalties,
        async (probe) => {
          for (const [at, part] of asked.entries()) {
            const rows = await transformRows(part.rows, data.size, probe);
            found[at].push(answerLoss(await rowProducts(rows, data.size), rows.length / data.size, part));
          }
          return found.some((of) => of.at(-1)! < TOO_BAD * Math.min(...of));
        },
        signal,
      );
    }
  return losses;
}

/**
 * Returns the penalty with the least mean loss.
 *
 * @param left the part that is held out for the result (default: none is)
 */
export function bestPenalty(losses: Losses, left?: number): number {
  const counted = [...losses].filter(([name]) => left === undefined || name.endsWith(` without ${left}`));
  const means = penalties.map((_, p) => counted.reduce((sum, [, of]) => sum + (of[p] ?? Infinity), 0));
  return penalties[means.indexOf(Math.min(...means))];
}
