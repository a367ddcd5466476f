import { PythonRandom } from '../../random/python-random.js';
import { bySubset, subsets, type BySubset } from '../dataset.js';
import type { Split } from './splits.js';

/** Triplets of classes, and the items from which triplets of items are made. */
export interface ClassTriplets {
  /** `[3m]`: m triplets of classes, one after another. */
  readonly triplets: Int32Array;
  /** The items of each class, ascending. */
  readonly instancesPerClass: readonly Int32Array[];
}

/**
 * How class triplets become item triplets: with the one prototype of each class, or with any of its items, repeatedly.
 */
export type Conversion = 'prototypes' | 'all instances';

/** A function that splits triplets of classes; classes are 0 to n - 1. */
export type ClassSplitter = (triplets: Int32Array, classes: Int32Array, random: PythonRandom) => Split;

export interface ConvertedTriplets {
  /** `[classes]`: the item that stands for each class. */
  readonly prototypePerClass: Int32Array;
  readonly triplets: BySubset<Int32Array>;
  readonly instances: BySubset<Int32Array>;
  readonly random: PythonRandom;
}

/**
 * Splits class triplets by class and makes item triplets from them, with the same random draws as the original.
 *
 * Draws, in order: seed; a prototype for each class; the seed again; those of the splitter; with all instances, an item
 * for each class of each triplet.
 *
 * @param repetitions how many item triplets are drawn from each class triplet (all instances)
 */
export function splitAndConvert(
  { triplets, instancesPerClass }: ClassTriplets,
  splitter: ClassSplitter,
  conversion: Conversion,
  seed: number,
  repetitions: number,
): ConvertedTriplets {
  const prototypePerClass = choosePrototypes(instancesPerClass, new PythonRandom(seed));
  const random = new PythonRandom(seed);
  const classes = Int32Array.from(instancesPerClass, (_, c) => c);
  const split = splitter(triplets, classes, random);
  const converted =
    conversion === 'prototypes'
      ? toPrototypes(split, prototypePerClass)
      : toAllInstances(split, instancesPerClass, repetitions, random);
  return { prototypePerClass, ...converted, random };
}

/** Chooses a prototype of each class, by one `choice` each in class order: `[classes]`. */
export function choosePrototypes(instancesPerClass: readonly Int32Array[], random: PythonRandom): Int32Array {
  return Int32Array.from(instancesPerClass, (instances) => random.choice(instances));
}

interface ItemTriplets {
  readonly triplets: BySubset<Int32Array>;
  readonly instances: BySubset<Int32Array>;
}

/** Replaces every class by its prototype. */
export function toPrototypes({ groups, elements }: Split, prototypePerClass: Int32Array): ItemTriplets {
  const prototypes = (classes: Int32Array) => classes.map((c) => prototypePerClass[c]);
  return {
    triplets: bySubset((subset) => prototypes(groups[subset])),
    instances: bySubset((subset) => prototypes(elements[subset])),
  };
}

/**
 * Replaces every class by one of its items, drawn anew for each triplet.
 *
 * This is done `repetitions` times: for training, validation and test, for each class triplet in order, with one
 * `choice` for each of its classes.
 */
export function toAllInstances(
  { groups, elements }: Split,
  instancesPerClass: readonly Int32Array[],
  repetitions: number,
  random: PythonRandom,
): ItemTriplets {
  const triplets = bySubset((subset) => new Int32Array(groups[subset].length * repetitions));
  for (let repetition = 0; repetition < repetitions; repetition++)
    for (const subset of subsets) {
      const classes = groups[subset];
      const start = repetition * classes.length;
      for (let i = 0; i < classes.length; i++)
        triplets[subset][start + i] = random.choice(instancesPerClass[classes[i]]);
    }
  return { triplets, instances: bySubset((subset) => allInstances(elements[subset], instancesPerClass)) };
}

function allInstances(classes: Int32Array, instancesPerClass: readonly Int32Array[]): Int32Array {
  return Int32Array.from(Array.from(classes).flatMap((c) => Array.from(instancesPerClass[c])));
}
