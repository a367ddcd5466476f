import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { PythonRandom } from '../../random/python-random.js';
import { MissingInput, UsageError } from '../../errors.js';
import { pictureOf, type ClassDataset, type DataFacts, type Item, type ItemDataset } from '../dataset.js';
import { datasets } from '../../catalogue/datasets.js';
import { parseVersion, type DatasetRequest } from '../../configuration/dataset-version.js';

const SEED = 0;
/** The versions and splits, which are the same for every class set. */
const { versions, splits } = datasets.CUBSEC;

/** A set of pictures with classes as it is stored. */
export interface ClassPictures {
  readonly folder: Pick<DataFacts, 'root' | 'files' | 'missing'>;
  /** The pictures; classes count from 1. */
  readonly items: readonly Item[];
  /** Returns a picture (default: that of the item's file). */
  readonly picture?: ItemDataset['picture'];
  /** The names of all classes of the full set; the first is class 1. */
  readonly classNames: readonly string[];
  /** Does the item belong to the training half? */
  isTraining(item: Item): boolean;
  readonly notes: readonly string[];
}

/**
 * Divides a set of pictures by class: the first half of the classes is for training, the other for validation and test.
 *
 * @throws UsageError for an unknown version, where a half has no pictures or training has one class
 */
export function makeClassHalves(request: DatasetRequest, read: () => ClassPictures): ClassDataset {
  parseVersion(request, versions, splits);
  const { folder, items, classNames, isTraining, notes, picture } = read();
  const training = indexesOf(items.filter(isTraining));
  const test = indexesOf(items.filter((item) => !isTraining(item)));
  const classesOf = (indexes: Int32Array) => new Set(Array.from(indexes, (index) => items[index].class)).size;
  for (const [half, indexes] of Object.entries({ training, test }))
    if (indexes.length === 0)
      throw new UsageError(
        `empty ${half} half of ${request.name}: no pictures of its classes${folder.root === null ? '' : ` in ${folder.root}`}`,
      );
  if (classesOf(training) < 2)
    throw new UsageError(`invalid training half of ${request.name}: one class; give pictures of two classes or more`);
  return {
    name: request.name,
    items,
    classNames,
    firstClass: 1,
    numClasses: classNames.length,
    instances: { training, validation: test, test },
    random: new PythonRandom(SEED),
    picture: picture ?? pictureOf(request.name, items),
    facts: {
      root: folder.root,
      files: folder.files,
      missing: folder.missing,
      counts: {
        items: items.length,
        pictures: items.length,
        classes: classesOf(training) + classesOf(test),
        training: training.length,
        training_classes: classesOf(training),
        test: test.length,
        test_classes: classesOf(test),
      },
      notes: [...notes, ...loneNotes(items, classNames), ...absentNotes(items)],
    },
  };
}

function indexesOf(items: readonly Item[]): Int32Array {
  return Int32Array.from(items, (item) => item.index);
}

/** Notes which classes have only one picture. */
function loneNotes(items: readonly Item[], classNames: readonly string[]): string[] {
  const counts = new Map<number, number>();
  for (const item of items) counts.set(item.class, (counts.get(item.class) ?? 0) + 1);
  const lone = [...counts].filter(([, count]) => count === 1).map(([c]) => classNames[c - 1]);
  if (lone.length === 0) return [];
  const which = lone.length === 1 ? `class ${lone[0]} has` : `${lone.length} classes (the first is ${lone[0]}) have`;
  return [`${which} one picture: mP@1 leaves it out in training, and counts it as wrong in evaluation`];
}

/** Notes how many pictures are missing; each folder is listed only once. */
function absentNotes(items: ClassPictures['items']): string[] {
  const listings = new Map<string, ReadonlySet<string>>();
  const listing = (folder: string) => {
    let names = listings.get(folder);
    if (names === undefined) listings.set(folder, (names = new Set(existsSync(folder) ? readdirSync(folder) : [])));
    return names;
  };
  const files = items.flatMap(({ file }) => file ?? []);
  const absent = files.filter((file) => !listing(dirname(file)).has(basename(file)));
  if (absent.length === 0) return [];
  if (absent.length === items.length)
    throw new MissingInput(`missing pictures: none of ${items.length} is there, the first is ${absent[0]}`);
  return [`${absent.length} of ${items.length} pictures are missing, the first is ${absent[0]}`];
}
