import type { ValuePoints } from '../ablation/points.js';
import { pairOf } from './collect.js';
import type { CollectedRow } from './collected.js';

/**
 * Arranges rows for a figure: runs of the same split, seed and repetition have the same number in all rows, so that a
 * line can join them.
 */
export function tablePoints(rows: readonly CollectedRow[]): ValuePoints[] {
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    if (!numbers.has(key)) numbers.set(key, numbers.size + 1);
    return numbers.get(key)!;
  };
  return rows.map(({ name, mean, interval, runs }) => ({
    name,
    value: name,
    points: runs.map((run) => ({ draw: numberOf(pairOf(run)), value: run.value })),
    mean,
    interval,
  }));
}
