import type { NdData } from '../../formats/nd-array.js';
import { readHdf5, type Hdf5Value } from '../../formats/hdf5/hdf5.js';
import type { DataFolder } from '../data-folder.js';
import { excerpt } from '../index-triplets.js';

export const ihsjPaths = {
  pictures: 'imagenet/validation',
  labels: 'imagenet/validation/imagenet_2012_validation_synset_labels.txt',
  classes: 'imagenet/LOC_synset_mapping.txt',
  catalog: 'val/catalogs/psiz0.4.1/catalog.hdf5',
  trials: 'val/obs/psiz0.4.1/obs-195.hdf5',
} as const;

/** Paths in the folder of the trials and of the catalog of their stimuli. */
export type TrialPaths = Readonly<Record<'catalog' | 'trials', string>>;

/** The one kind of observations that is read, by both of its names in psiz. */
const RANK_TRIALS = ['RankObservations', 'Observations'];
const PAD = -1;

/** ImageNet's classes in their order. */
export interface SynsetClasses {
  readonly names: readonly string[];
  /** Class by synset, as in n01440764. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/**
 * Reads the classes: line n (from 0) of `LOC_synset_mapping.txt` is the synset of class n, a blank, and its names.
 *
 * @throws UsageError naming the line where a synset, as in n01440764, is missing or occurs twice
 */
export function readSynsetClasses(folder: DataFolder): SynsetClasses {
  const indexOf = new Map<string, number>();
  const names = lines(folder.read(ihsjPaths.classes)).map((line, i) => {
    const [, synset, name] = /^(n\d{8}) *(.*)$/.exec(line) ?? [];
    if (synset === undefined || indexOf.has(synset))
      throw folder.invalid(ihsjPaths.classes, i + 1, synset === undefined ? 'no synset' : `${synset} occurs twice`);
    indexOf.set(synset, i);
    return name === '' ? synset : name;
  });
  return { names, indexOf };
}

/**
 * Reads the class of each validation picture, by the picture's number minus one: `[pictures]`.
 *
 * @throws UsageError naming the line of an unknown synset
 */
export function readPictureClasses(folder: DataFolder, { indexOf }: SynsetClasses): Int32Array {
  return Int32Array.from(lines(folder.read(ihsjPaths.labels)), (line, i) => {
    const index = indexOf.get(line.trim());
    if (index === undefined)
      throw folder.invalid(
        ihsjPaths.labels,
        i + 1,
        `${excerpt(Buffer.from(line), 0, line.length)} is no synset of ${ihsjPaths.classes}`,
      );
    return index;
  });
}

/**
 * Returns the number in a validation picture's name minus one: 32 for `.../ILSVRC2012_val_00000033.JPEG`; else null.
 */
export function pictureNumber(name: string): number | null {
  const digits = /_(\d{1,9})\.[^._]*$/.exec(name)?.[1];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits) - 1;
}

/**
 * Makes triplets of pictures from trials (which k of n are most like the query?): `[3m] int32`, numbers minus one.
 *
 * A trial gives k (n - k) triplets: query, chosen, not chosen. The outer loop is over the chosen, the inner over the
 * others, each in the order of its columns.
 *
 * @param pictures the number of pictures
 * @throws UsageError where a file is missing or damaged, or a trial names an unknown stimulus or picture
 *
 * Source: psiz 0.4.1, `psiz.trials.load_trials` and `RankObservations.is_select`.
 */
export function readTrialTriplets(folder: DataFolder, pictures: number, paths: TrialPaths = ihsjPaths): Int32Array {
  const pictureOf = readCatalog(folder, paths.catalog, pictures);
  const trials = readHdf5(folder.file(paths.trials), ['stimulus_set', 'n_select', 'trial_type']);
  const type = trials.get('trial_type');
  if (type !== undefined && !(type.kind === 'text' && RANK_TRIALS.includes(type.values[0])))
    throw folder.invalid(paths.trials, null, 'its trials are no RankObservations');
  const set = numbers(folder, paths.trials, 'stimulus_set', trials.get('stimulus_set'));
  const chosen = numbers(folder, paths.trials, 'n_select', trials.get('n_select'));
  const [rows, columns] = set.shape;
  if (set.shape.length !== 2 || chosen.data.length !== rows)
    throw folder.invalid(paths.trials, null, 'stimulus_set and n_select have different numbers of trials');
  const triplets: number[] = [];
  for (let row = 0; row < rows; row++) {
    const shown: number[] = [];
    for (let column = 0; column < columns; column++) {
      const stimulus = Number(set.data[row * columns + column]);
      if (stimulus === PAD) continue;
      const picture = pictureOf.get(stimulus);
      if (picture === undefined)
        throw folder.invalid(paths.trials, null, `trial ${row} shows stimulus ${stimulus}, which is in no catalog`);
      shown.push(picture);
    }
    const k = Number(chosen.data[row]);
    if (!(Number.isInteger(k) && k >= 1 && k < shown.length - 1))
      throw folder.invalid(paths.trials, null, `trial ${row} has ${k} chosen of ${shown.length - 1}`);
    for (let near = 1; near <= k; near++)
      for (let far = k + 1; far < shown.length; far++) triplets.push(shown[0], shown[near], shown[far]);
  }
  return Int32Array.from(triplets);
}

/** Reads the picture number (minus one) of each stimulus. */
function readCatalog(folder: DataFolder, name: string, pictures: number): Map<number, number> {
  const catalog = readHdf5(folder.file(name), ['stimulus_id', 'stimulus_filepath']);
  const ids = numbers(folder, name, 'stimulus_id', catalog.get('stimulus_id'));
  const files = catalog.get('stimulus_filepath');
  if (files?.kind !== 'text' || files.values.length !== ids.data.length)
    throw folder.invalid(name, null, 'stimulus_filepath is not a text for each stimulus_id');
  return new Map(
    files.values.map((file, i) => {
      const picture = pictureNumber(file);
      if (picture === null || picture >= pictures)
        throw folder.invalid(
          name,
          null,
          `${excerpt(Buffer.from(file), 0, file.length)} is none of ${pictures} validation pictures`,
        );
      return [Number(ids.data[i]), picture];
    }),
  );
}

function numbers(folder: DataFolder, name: string, key: string, value: Hdf5Value | undefined) {
  if (value?.kind !== 'numeric') throw folder.invalid(name, null, `it has no numbers ${key}`);
  const { shape, data }: { readonly shape: readonly number[]; readonly data: NdData } = value;
  return { shape, data };
}

function lines(bytes: Buffer): string[] {
  const all = bytes.toString('utf8').split(/\r?\n/);
  while (all.length > 0 && all[all.length - 1].trim() === '') all.pop();
  return all;
}
