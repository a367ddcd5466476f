import { subsets, type Subset } from '../datasets/dataset.js';
import * as splits from '../datasets/splits/splits.js';
import { unknown } from '../errors.js';
import { PythonRandom } from '../random/python-random.js';
import { differs, outcome, type Checker } from './outcome.js';

/** A split of a small set, as the original made it. */
export interface SplitCase {
  readonly split: string;
  readonly seed: number;
  readonly groups: number[][];
  readonly elements: number[];
  readonly extra: number[] | number[][] | null;
  readonly groups_by_subset: Record<Subset, number[][]>;
  readonly elements_by_subset: Record<Subset, number[]>;
}

type Splitter = (
  groups: Int32Array,
  elements: number[],
  extra: SplitCase['extra'],
  random: PythonRandom,
) => splits.Split;

/** The split functions by their names in the original. */
export const splitFunctions: Readonly<Record<string, Splitter>> = {
  split_groups: (g, e, _, r) => splits.splitGroups(g, e, r),
  split_groups_by_instance: (g, e, _, r) => splits.splitGroupsByInstance(g, e, r),
  split_groups_by_instance_same_training_validation: (g, e, _, r) =>
    splits.splitGroupsByInstanceSameTrainingValidation(g, e, r),
  split_groups_by_class: (g, e, x, r) => splits.splitGroupsByClass(g, e, x as number[][], r),
  split_groups_by_class_same_training_validation: (g, e, x, r) =>
    splits.splitGroupsByClassSameTrainingValidation(g, e, x as number[][], r),
  split_class_groups_by_class: (g, e, _, r) => splits.splitClassGroupsByClass(g, e, r),
  split_class_groups_by_class_same_training_validation: (g, e, _, r) =>
    splits.splitClassGroupsByClassSameTrainingValidation(g, e, r),
  split_class_triplets_things_style: (g, e, x, r) => splits.splitClassTripletsThingsStyle(g, e, x as number[], r),
};

/** Checks every split exactly, with its order. */
export const checkSplits: Checker = (content) =>
  (content as SplitCase[]).map((golden) =>
    outcome(`${golden.split}, seed ${golden.seed}`, () => {
      if (!Object.hasOwn(splitFunctions, golden.split))
        throw unknown('split', golden.split, Object.keys(splitFunctions));
      const groups = Int32Array.from(golden.groups.flat());
      const random = new PythonRandom(golden.seed);
      const split = splitFunctions[golden.split](groups, golden.elements, golden.extra, random);
      for (const subset of subsets) {
        const complaint =
          differs(`${subset} groups`, [...split.groups[subset]], golden.groups_by_subset[subset].flat()) ??
          differs(`${subset} elements`, [...split.elements[subset]], golden.elements_by_subset[subset]);
        if (complaint !== undefined) return complaint;
      }
      return undefined;
    }),
  );
