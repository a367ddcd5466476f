import { namesOf } from '../../catalogue/names.js';
import type { DatasetConfiguration } from '../../configuration/types.js';
import { UsageError } from '../../errors.js';
import { PythonRandom } from '../../random/python-random.js';
import { RandomStream } from '../../random/stream.js';
import { bySubset, type BySubset, type TripletDataset } from '../dataset.js';
import { splitters } from '../splits/item-triplets.js';
import { drawPicture, drawPng, factorNames } from './synthetic-pictures.js';
import { bayesCeiling, drawTriplets, factorsFct, type NoiseModel } from './synthetic-triplets.js';
import { parseVersion } from '../../configuration/dataset-version.js';
import { requireTriplets } from '../splits/triplet-checks.js';

const defaults = {
  num_items: 120,
  num_triplets: 30_000,
  answers_per_question: 1,
  directed: false,
  temperature: 0.1,
  data_seed: 0,
};

/** Side of the pictures that networks see, in pixels. */
const PICTURE_SIZE = 256;
/** The number of pictures that are kept once drawn, 192 KiB each: networks ask for them again and again. */
const MOST_KEPT = 340;

/** The largest counts: more would not fit into memory, or is a typing error. */
const largest = { num_items: 1_000_000, num_triplets: 20_000_000, answers_per_question: 1000 };

/** A data set drawn by code, whose true factors are known. */
export interface SyntheticDataset extends TripletDataset {
  /** `[items, 4] float32`, 0 to 1. */
  readonly factors: Float32Array;
  readonly factorNames: readonly string[];
  readonly noise: NoiseModel;
  /** `[3m] int32`: all triplets as they were drawn, before the split. */
  readonly drawn: Int32Array;
  /** The best FCT to expect on each subset: the mean probability of the likeliest answers. */
  readonly ceiling: BySubset<number>;
  /** The FCT of the true factors on each subset's answers: the ceiling, up to chance. */
  readonly factorsFct: BySubset<number>;
  /** Returns an item's picture, `[size, size, 3] uint8`, RGB. */
  pixels(index: number, size: number): Uint8Array;
  /** Returns an item's picture as a PNG file. */
  png(index: number, size: number): Promise<Uint8Array>;
}

/**
 * Builds the synthetic set: items with four factors drawn uniformly from 0 to 1, pictures that show them, and triplets
 * whose answers are drawn by `answerProbabilities`.
 *
 * Everything follows from `data_seed` and the counts; nothing is read or written. Versions split as Yummly's do:
 * `direct` and `psycho` 80/20 by item, `source_embedding` 60/20/20, with `~SEED` for other splits.
 *
 * @throws UsageError for an unknown version, counts out of range, or a subset without triplets
 */
export function syntheticDataset(dataset: DatasetConfiguration): SyntheticDataset {
  const version = parseVersion(dataset, namesOf(splitters), true);
  const { num_items, num_triplets, answers_per_question, directed, temperature, data_seed } = settingsOf(dataset);
  const k = factorNames.length;
  const stream = new RandomStream(data_seed, 'synthetic', 'factors');
  const factors = Float32Array.from({ length: num_items * k }, () => stream.uniform());
  const space = { factors, k };
  const noise = { directed, temperature };
  const answers = new RandomStream(data_seed, 'synthetic', 'triplets');
  const triplets = drawTriplets(space, noise, num_triplets, answers, answers_per_question);
  const identity = Int32Array.from({ length: num_items }, (_, i) => i);
  const random = new PythonRandom(version.seed);
  const split = splitters[version.name](triplets, identity, random);
  requireTriplets(dataset.name, split.groups, num_triplets);
  const count = (subset: keyof typeof split.groups) => split.groups[subset].length / 3;
  const factorsOf = (index: number) => {
    if (!(Number.isInteger(index) && index >= 0 && index < num_items))
      throw new UsageError(`invalid item: ${index}; ${dataset.name} has ${num_items}, counted from 0`);
    return factors.subarray(index * k, (index + 1) * k);
  };
  const pictureOf = keptPictures(factorsOf);
  const ceiling = bySubset((subset) => bayesCeiling(space, noise, split.groups[subset]));
  return {
    name: dataset.name,
    directed,
    items: Array.from(identity, (index) => ({ file: null, class: index, index })),
    classNames: Array.from(identity, (index) => `item ${index}`),
    firstClass: 0,
    prototypes: identity,
    triplets: split.groups,
    unsplit: { triplets },
    instances: split.elements,
    random,
    facts: {
      root: null,
      files: [],
      missing: [],
      counts: {
        items: num_items,
        triplets: num_triplets,
        training: count('training'),
        validation: count('validation'),
        test: count('test'),
      },
      notes: [`drawn by code; best FCT to be expected on validation: ${ceiling.validation.toFixed(4)}`],
    },
    factors,
    factorNames,
    noise,
    drawn: triplets,
    ceiling,
    factorsFct: bySubset((subset) => factorsFct(space, noise, split.groups[subset])),
    picture: (index) => ({ width: PICTURE_SIZE, height: PICTURE_SIZE, data: pictureOf(index) }),
    pixels: (index, size) => drawPicture(factorsOf(index), size),
    png: (index, size) => drawPng(factorsOf(index), size),
  };
}

/** Returns the section's keys with defaults for those that are not given. @throws UsageError for counts out of range */
function settingsOf(dataset: DatasetConfiguration): typeof defaults {
  const keys = Object.keys(defaults) as (keyof typeof defaults)[];
  const given = keys.filter((key) => dataset[key] !== undefined).map((key) => [key, dataset[key]]);
  const settings = { ...defaults, ...(Object.fromEntries(given) as Partial<typeof defaults>) };
  for (const [key, least] of [
    ['num_items', 3],
    ['num_triplets', 1],
    ['answers_per_question', 1],
  ] as const)
    if (!(settings[key] >= least && settings[key] <= largest[key]))
      throw new UsageError(`invalid dataset.${key}: ${settings[key]}; an integer from ${least} to ${largest[key]}`);
  return settings;
}

/** Draws items' pictures and keeps some of them. */
function keptPictures(factorsOf: (index: number) => Float32Array): (index: number) => Uint8Array {
  const kept = new Map<number, Uint8Array>();
  return (index) => {
    const data = kept.get(index) ?? drawPicture(factorsOf(index), PICTURE_SIZE);
    if (kept.size < MOST_KEPT) kept.set(index, data);
    return data;
  };
}
