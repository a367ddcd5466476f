import { PythonRandom } from '../../random/python-random.js';
import { pictureOf, type DataFacts, type Item, type ItemDataset, type TripletDataset } from '../dataset.js';
import type { AnswerPersons } from '../custom/triplet-rows.js';
import { splitGroupsByInstance, splitGroupsByInstanceSameTrainingValidation } from './splits.js';
import type { VersionOf } from '../../catalogue/datasets.js';
import { namesOf } from '../../catalogue/names.js';
import { parseVersion, type DatasetRequest } from '../../configuration/dataset-version.js';
import { repeatNotes, requireTriplets } from './triplet-checks.js';

/** The split function of each version of a set of item triplets; each version also takes another seed after `~`. */
export const splitters = {
  direct: splitGroupsByInstanceSameTrainingValidation,
  psycho: splitGroupsByInstanceSameTrainingValidation,
  source_embedding: splitGroupsByInstance,
} satisfies Record<VersionOf<'YummlySE' | 'CustomTripletsSE' | 'SyntheticSE'>, unknown>;

/** Items, each its own class, and triplets of them, as they are stored, before the split. */
export interface ItemTriplets {
  readonly folder: Pick<DataFacts, 'root' | 'files' | 'missing'>;
  readonly items: readonly Item[];
  readonly classNames: readonly string[];
  /** `[3m]`: anchor, positive, negative, or undirected the odd one last; with repeats, in the order of the file. */
  readonly triplets: Int32Array;
  readonly notes: readonly string[];
  /** The items that are split (default: all); the others are in no subset. */
  readonly known?: Int32Array;
  /** Returns a picture (default: that of the item's file). */
  readonly picture?: ItemDataset['picture'];
  /** Who gave each answer, where it is known. */
  readonly persons?: AnswerPersons;
  /** Further counts for the facts. */
  readonly counts?: Readonly<Record<string, number>>;
}

/**
 * Reads triplets of items and splits them by item.
 *
 * @throws UsageError for an unknown version, or where a subset is left without triplets
 */
export function makeItemTriplets(request: DatasetRequest, directed: boolean, read: () => ItemTriplets): TripletDataset {
  const version = parseVersion(request, namesOf(splitters), true);
  const { folder, items, classNames, triplets, known, notes, counts, persons, picture } = read();
  const random = new PythonRandom(version.seed);
  const identity = Int32Array.from(items, (item) => item.index);
  const split = splitters[version.name](triplets, known ?? identity, random);
  requireTriplets(request.name, split.groups, triplets.length / 3);
  return {
    name: request.name,
    directed,
    items,
    classNames,
    firstClass: 0,
    picture: picture ?? pictureOf(request.name, items),
    prototypes: identity,
    triplets: split.groups,
    unsplit: { triplets, ...(persons === undefined ? {} : { persons }) },
    instances: split.elements,
    random,
    facts: {
      root: folder.root,
      files: folder.files,
      missing: folder.missing,
      counts: {
        items: items.length,
        pictures: picture ? items.length : items.filter((item) => item.file !== null).length,
        triplets: triplets.length / 3,
        ...counts,
        training: split.groups.training.length / 3,
        validation: split.groups.validation.length / 3,
        test: split.groups.test.length / 3,
      },
      notes: [...notes, ...repeatNotes(triplets)],
    },
  };
}
