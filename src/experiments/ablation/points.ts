import type { CollectedRow } from '../collect/collected.js';
import type { AblationResult } from './compare.js';
import type { SettingValue } from './setting.js';

/** A value of the setting with a number for each draw, their mean and its interval. */
export interface ValuePoints {
  readonly name: string;
  readonly value: SettingValue;
  readonly points: readonly { readonly draw: number; readonly value: number }[];
  readonly mean: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/** Maps draws to results. The seed identifies a draw, and is the same for all values of the setting. */
const byDraw = ({ runs }: CollectedRow): Map<number, number> => new Map(runs.map(({ seed, value }) => [seed, value]));

/** Returns each value's result on each draw, from the runs that are finished. */
export function valuePoints({ variants }: AblationResult): ValuePoints[] {
  return variants.map(({ variant: { name, value }, row }) => ({
    name,
    value,
    points: [...byDraw(row)].map(([draw, value]) => ({ draw: draw + 1, value })),
    mean: row.mean,
    interval: row.interval,
  }));
}

/** Returns the differences of each value to the reference on the draws that both have, without the reference itself. */
export function differencePoints({ variants, reference }: AblationResult): ValuePoints[] {
  const others = byDraw(reference.row);
  return variants
    .filter((one) => one !== reference)
    .map(({ variant: { name, value }, row, comparison }) => ({
      name,
      value,
      points: [...byDraw(row)].flatMap(([draw, own]) => {
        const other = others.get(draw);
        return other === undefined ? [] : [{ draw: draw + 1, value: own - other }];
      }),
      mean: comparison?.mean ?? null,
      interval: comparison?.interval ?? null,
    }));
}
