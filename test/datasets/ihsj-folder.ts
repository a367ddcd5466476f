import { PythonRandom } from '../../src/random/python-random.js';
import type { Subset } from '../../src/datasets/dataset.js';
import { hdf5 } from '../formats/hdf5-builder.js';
import { readGolden, type Tree } from './folders.js';

/** What the reference made of a small set of pictures and trials. */
export interface IhsjcGolden {
  classes: number;
  pictures_per_class: number;
  trials: number;
  seed: number;
  class_triplets: { count: number; digest: string; first: number[][]; repeats: number; dropped: number };
  prototypes: number[];
  versions: Record<
    'direct' | 'psycho' | 'source_embedding',
    {
      counts: Record<Subset, number>;
      triplets: Record<Subset, string>;
      instances: Record<Subset, number[]>;
      next: number[];
    }
  >;
}

export const ihsjcGolden = readGolden<IhsjcGolden>('ihsjc_small.json');

export const ihsjcPaths = {
  labels: 'imagenet/validation/imagenet_2012_validation_synset_labels.txt',
  classes: 'imagenet/LOC_synset_mapping.txt',
  catalog: 'val/catalogs/psiz0.4.1/catalog.hdf5',
  trials: 'val/obs/psiz0.4.1/obs-195.hdf5',
} as const;

export const pictureName = (number: number) => `ILSVRC2012_val_${String(number).padStart(8, '0')}.JPEG`;
const synset = (c: number) => `n${String(11 * c).padStart(8, '0')}`;

/** Classes of pictures and trials as the golden set has them, drawn as it says. */
export function ihsjcContents(): { labels: number[]; trials: number[][] } {
  const { classes, pictures_per_class, trials, seed } = ihsjcGolden;
  const random = new PythonRandom(seed);
  const labels = Array.from({ length: classes * pictures_per_class }, (_, i) => i % classes);
  random.shuffle(labels);
  const pictures = [...labels.keys()];
  return { labels, trials: Array.from({ length: trials }, () => random.sample(pictures, 9)) };
}

/**
 * The files of a set in the published layout.
 *
 * @param trials pictures, numbers less one: the query, the chosen, the others; -1 pads
 */
export async function ihsjcTree(
  labels: readonly number[],
  trials: readonly (readonly number[])[],
  { pictures = true, chosen = 2, type = 'RankObservations' } = {},
): Promise<Tree> {
  // Stimuli are numbered otherwise than pictures.
  const stimulusOf = (picture: number) => (picture < 0 ? picture : 3 * (labels.length - picture));
  const numbers = labels.map((_, i) => i);
  const classes = Math.max(...labels) + 1;
  return {
    [ihsjcPaths.classes]: Array.from({ length: classes }, (_, c) => `${synset(c)} class ${c}, thing\n`).join(''),
    [ihsjcPaths.labels]: labels.map((c) => `${synset(c)}\n`).join(''),
    [ihsjcPaths.catalog]: await hdf5({
      stimulus_id: { data: BigInt64Array.from(numbers, (i) => BigInt(stimulusOf(i))), shape: [labels.length] },
      stimulus_filepath: { texts: numbers.map((i) => `${synset(labels[i])}/${pictureName(i + 1)}`) },
    }),
    [ihsjcPaths.trials]: await hdf5({
      stimulus_set: {
        data: Int32Array.from(trials.flat(), stimulusOf),
        shape: [trials.length, trials[0].length],
      },
      n_select: { data: Int32Array.from(trials, () => chosen), shape: [trials.length] },
      trial_type: { texts: [type] },
    }),
    ...(pictures ? Object.fromEntries(numbers.map((i) => [`imagenet/validation/${pictureName(i + 1)}`, ''])) : {}),
  };
}
