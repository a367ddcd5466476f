import type { PythonRandom } from '../../random/python-random.js';
import { pythonSetOrder } from '../../random/python-set.js';
import { bySubset, type BySubset } from '../dataset.js';

const TRAINING_FRACTION = 0.6;
// 0.6 + 0.2 as the original adds them: the cuts below are floors of products with exactly this number.
const TRAINING_VALIDATION_FRACTION = 0.6 + 0.2;
const TRAINING_GROUP_FRACTION = 0.8;

/**
 * Groups and elements (instances or classes) by subset.
 *
 * `groups` are triplets of elements, `[3m] int32`; `elements` are in CPython's set order.
 */
export interface Split {
  readonly groups: BySubset<Int32Array>;
  readonly elements: BySubset<Int32Array>;
}

/** Shuffles groups and cuts them at 60 and 80 %; every subset has all elements, as given. */
export function splitGroups(groups: Int32Array, elements: ArrayLike<number>, random: PythonRandom): Split {
  const shuffled = shuffleGroups(groups, random);
  const m = groups.length / 3;
  const i = Math.floor(TRAINING_FRACTION * m);
  const j = Math.floor(TRAINING_VALIDATION_FRACTION * m);
  return {
    groups: {
      training: shuffled.slice(0, 3 * i),
      validation: shuffled.slice(3 * i, 3 * j),
      test: shuffled.slice(3 * j),
    },
    elements: bySubset(() => Int32Array.from(elements)),
  };
}

/** Permutes instances and cuts them at 60 and 80 %; a subset keeps the groups that are wholly inside it, in order. */
export function splitGroupsByInstance(groups: Int32Array, instances: ArrayLike<number>, random: PythonRandom): Split {
  const elements = cut(random.permutation(instances));
  return { groups: bySubset((subset) => groupsInside(groups, elements[subset])), elements };
}

/**
 * Permutes instances and cuts them at 80 %: the first part is for both training and validation.
 *
 * Its groups are shuffled, and the first 80 % are for training; test groups stay in order.
 */
export function splitGroupsByInstanceSameTrainingValidation(
  groups: Int32Array,
  instances: ArrayLike<number>,
  random: PythonRandom,
): Split {
  return shareTrainingValidation(groups, cutInTwo(random.permutation(instances)), random);
}

/** Permutes classes and cuts them at 60 and 80 %; a subset keeps the groups of instances wholly inside its classes. */
export function splitGroupsByClass(
  groups: Int32Array,
  classes: ArrayLike<number>,
  instancesPerClass: readonly ArrayLike<number>[],
  random: PythonRandom,
): Split {
  const classesBySubset = cut(random.permutation(classes));
  const elements = bySubset((subset) => pythonSetOrder(instancesOf(classesBySubset[subset], instancesPerClass)));
  return { groups: bySubset((subset) => groupsInside(groups, elements[subset])), elements };
}

/** Permutes classes and cuts them at 80 %, otherwise as `splitGroupsByInstanceSameTrainingValidation`. */
export function splitGroupsByClassSameTrainingValidation(
  groups: Int32Array,
  classes: ArrayLike<number>,
  instancesPerClass: readonly ArrayLike<number>[],
  random: PythonRandom,
): Split {
  const parts = cutInTwo(random.permutation(classes));
  const elements = {
    trainingValidation: pythonSetOrder(instancesOf(parts.trainingValidation, instancesPerClass)),
    test: pythonSetOrder(instancesOf(parts.test, instancesPerClass)),
  };
  return shareTrainingValidation(groups, elements, random);
}

/** Splits groups of classes as `splitGroupsByInstance` does, with classes for instances. */
export const splitClassGroupsByClass = splitGroupsByInstance;

/** Splits groups of classes as `splitGroupsByInstanceSameTrainingValidation` does, with classes for instances. */
export const splitClassGroupsByClassSameTrainingValidation = splitGroupsByInstanceSameTrainingValidation;

/**
 * Splits nearly as the paper of the THINGS triplets does: triplets with at most one test class are shuffled, and the
 * first 80 % are for training, the others for validation; all other triplets are for test, in order.
 *
 * Source: Hebart et al. 2020, "Revealing the multidimensional mental representations of natural objects ...".
 */
export function splitClassTripletsThingsStyle(
  groups: Int32Array,
  classes: ArrayLike<number>,
  testClasses: ArrayLike<number>,
  random: PythonRandom,
): Split {
  const inTest = mask(testClasses);
  const few: number[] = [];
  const many: number[] = [];
  for (let i = 0; i < groups.length; i += 3) {
    const [a, b, c] = [groups[i], groups[i + 1], groups[i + 2]];
    // As in the intersection of sets, a class that occurs twice counts once.
    let count = inTest[a] ? 1 : 0;
    if (b !== a && inTest[b]) count++;
    if (c !== a && c !== b && inTest[c]) count++;
    (count <= 1 ? few : many).push(a, b, c);
  }
  const shuffled = shuffleGroups(Int32Array.from(few), random);
  const cutAt = 3 * Math.floor(TRAINING_GROUP_FRACTION * (few.length / 3));
  const test = pythonSetOrder(Array.from(testClasses));
  const others = pythonSetOrder(Array.from(classes)).filter((element) => !inTest[element]);
  // CPython copies the larger set and discards from it, or else inserts the remaining elements into a new set.
  const trainingValidation = classes.length >> 2 > test.length ? others : pythonSetOrder(others);
  return {
    groups: { training: shuffled.slice(0, cutAt), validation: shuffled.slice(cutAt), test: Int32Array.from(many) },
    elements: { training: trainingValidation, validation: trainingValidation, test },
  };
}

/** Returns `[n]`: 1 where the index is one of the elements. */
function mask(elements: ArrayLike<number>): Uint8Array {
  let largest = -1;
  for (let i = 0; i < elements.length; i++) largest = Math.max(largest, elements[i]);
  const result = new Uint8Array(largest + 1);
  for (let i = 0; i < elements.length; i++) result[elements[i]] = 1;
  return result;
}

/** Returns the groups of three different elements that are all in the set, in order. */
function groupsInside(groups: Int32Array, elements: ArrayLike<number>): Int32Array {
  const inside = mask(elements);
  const isKept = (i: number): boolean => {
    const [a, b, c] = [groups[i], groups[i + 1], groups[i + 2]];
    return inside[a] === 1 && inside[b] === 1 && inside[c] === 1 && a !== b && a !== c && b !== c;
  };
  let length = 0;
  for (let i = 0; i < groups.length; i += 3) if (isKept(i)) length += 3;
  const kept = new Int32Array(length);
  for (let i = 0, n = 0; n < length; i += 3)
    if (isKept(i)) for (let place = 0; place < 3; place++) kept[n++] = groups[i + place];
  return kept;
}

/** Returns the groups in the order in which CPython's `shuffle` leaves a list of them. */
function shuffleGroups(groups: Int32Array, random: PythonRandom): Int32Array {
  const order = Int32Array.from({ length: groups.length / 3 }, (_, i) => i);
  random.shuffle(order);
  const shuffled = new Int32Array(groups.length);
  for (let i = 0; i < order.length; i++) {
    const from = 3 * order[i];
    shuffled[3 * i] = groups[from];
    shuffled[3 * i + 1] = groups[from + 1];
    shuffled[3 * i + 2] = groups[from + 2];
  }
  return shuffled;
}

function instancesOf(classes: Int32Array, instancesPerClass: readonly ArrayLike<number>[]): number[] {
  return Array.from(classes).flatMap((c) => Array.from(instancesPerClass[c]));
}

function cut(permuted: readonly number[]): Record<keyof BySubset<unknown>, Int32Array> {
  const i = Math.floor(TRAINING_FRACTION * permuted.length);
  const j = Math.floor(TRAINING_VALIDATION_FRACTION * permuted.length);
  return {
    training: pythonSetOrder(permuted.slice(0, i)),
    validation: pythonSetOrder(permuted.slice(i, j)),
    test: pythonSetOrder(permuted.slice(j)),
  };
}

interface TwoParts {
  readonly trainingValidation: Int32Array;
  readonly test: Int32Array;
}

function cutInTwo(permuted: readonly number[]): TwoParts {
  const i = Math.floor(TRAINING_VALIDATION_FRACTION * permuted.length);
  return { trainingValidation: pythonSetOrder(permuted.slice(0, i)), test: pythonSetOrder(permuted.slice(i)) };
}

function shareTrainingValidation(groups: Int32Array, parts: TwoParts, random: PythonRandom): Split {
  const shuffled = shuffleGroups(groupsInside(groups, parts.trainingValidation), random);
  const i = 3 * Math.floor(TRAINING_GROUP_FRACTION * (shuffled.length / 3));
  return {
    groups: {
      training: shuffled.slice(0, i),
      validation: shuffled.slice(i),
      test: groupsInside(groups, parts.test),
    },
    elements: { training: parts.trainingValidation, validation: parts.trainingValidation, test: parts.test },
  };
}
