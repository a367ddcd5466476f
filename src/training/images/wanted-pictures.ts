import { statSync } from 'node:fs';
import type { PreprocessingConfiguration } from '../../configuration/types.js';
import type { ItemDataset } from '../../datasets/index.js';
import { MissingInput } from '../../errors.js';
import { unreadable } from '../../preprocessing/index.js';

/** The pictures of a data set that some work needs. */
export interface WantedPictures {
  readonly count: number;
  /** Why pictures cannot be read, by item, as far as it shows without opening a file. */
  readonly missing: ReadonlyMap<number, string>;
  /** File sizes of the other pictures in bytes, by item, in the order of items. */
  readonly sizes: ReadonlyMap<number, number>;
}

/**
 * Looks for the files of the wanted pictures before any work, and finds those that are missing, folders or empty.
 *
 * @throws UsageError where there are any and `on_bad_image` is not `skip`, or where no picture is left
 */
export function wantedPictures(
  { name, items }: ItemDataset,
  wanted: readonly Int32Array[],
  { on_bad_image }: Pick<PreprocessingConfiguration, 'on_bad_image'>,
): WantedPictures {
  const asked = new Uint8Array(items.length);
  for (const list of wanted) for (const item of list) asked[item] = 1;
  const distinct = Int32Array.from(items.keys()).filter((item) => asked[item] === 1);
  const missing = new Map<number, string>();
  const sizes = new Map<number, number>();
  for (const item of distinct) {
    const { file } = items[item];
    if (file === null) continue;
    const found = look(file);
    if (typeof found === 'number') sizes.set(item, found);
    else missing.set(item, found);
  }
  if (missing.size === 0) return { count: distinct.length, missing, sizes };
  const [[first, reason]] = missing;
  const file = items[first].file!;
  if (missing.size === distinct.length)
    throw new MissingInput(`missing pictures: none of ${missing.size} of ${name} can be read, the first is ${file}: ${reason}; check the data set's folder`); // prettier-ignore
  if (on_bad_image !== 'skip')
    throw unreadable({ name: file, reason, count: missing.size, among: distinct.length, of: `pictures of ${name}` });
  return { count: distinct.length, missing, sizes };
}

/** Returns a file's size in bytes, or why it cannot be a picture. */
function look(file: string): number | string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return 'no such file';
  if (!found.isFile()) return 'a folder';
  return found.size === 0 ? 'an empty file' : found.size;
}
