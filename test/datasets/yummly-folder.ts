import type { Tree } from './folders.js';

export interface YummlyContents {
  /** Names of the pictures without their ending. */
  readonly stems: readonly string[];
  /** Triplets of them by number: anchor, near, far. */
  readonly rows: readonly (readonly number[])[];
  readonly ingredients: Readonly<Record<string, { name: string } | null>>;
}

export const picture = (stem: string): string => `images/${stem}.jpg`;

/** `all-triplets.csv`. */
export const yummlyTriplets = ({ stems, rows }: YummlyContents): string =>
  rows.map((row) => `${row.map((i) => picture(stems[i])).join('; ')}\n`).join('');

/** The files of a set in the published layout, with pictures (empty files) or without. */
export const yummlyTree = (contents: YummlyContents, pictures: boolean): Tree => ({
  'all-triplets.csv': yummlyTriplets(contents),
  'ingredients.json': JSON.stringify(contents.ingredients),
  ...(pictures ? Object.fromEntries(contents.stems.map((stem) => [picture(stem), ''])) : {}),
});
