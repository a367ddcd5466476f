import type { CollectedTable } from './collected.js';

/** Keys of the files that have another name in `CollectedTable`. The files keep theirs, so that earlier ones are read. */
const keysInFiles = { standardDeviation: 'deviation', pValue: 'probability', corrections: 'mended' };

/** Renames keys of all objects while JSON is written or read. */
const renaming = (pairs: readonly (readonly [string, string])[]): ((key: string, value: unknown) => unknown) => {
  const names = new Map(pairs);
  return (_, value) =>
    value instanceof Object && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, content]) => [names.get(key) ?? key, content]))
      : value;
};

const toFile = renaming(Object.entries(keysInFiles));
const fromFile = renaming(Object.entries(keysInFiles).map(([name, key]) => [key, name]));

/** Formats a table as the text of `TABLE.json`. */
export const tableJson = (table: CollectedTable): string => `${JSON.stringify(table, toFile, 1)}\n`;

/** Parses the text of `TABLE.json`; it does not check the shape. @throws SyntaxError where it is not JSON */
export const parseTableJson = (text: string): CollectedTable => JSON.parse(text, fromFile) as CollectedTable;
