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

/** Draws differ in their seeds, and those of all values have the same. */
const byDraw = ({ runs }: CollectedRow): Map<number, number> => new Map(runs.map(({ seed, value }) => [seed, value]));

/** What each value came to on each draw, as far as its runs are there. */
export function valuePoints({ variants }: AblationResult): ValuePoints[] {
  return variants.map(({ variant: { name, value }, row }) => ({
    name,
    value,
    points: [...byDraw(row)].map(([draw, value]) => ({ draw: draw + 1, value })),
    mean: row.mean,
    interval: row.interval,
  }));
}

/** How much higher each value is than the reference on each draw that both have; the reference is not among them. */
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
