import { refuseUnknown, UsageError } from '../../errors.js';
import type { ClassPictures } from '../splits/class-halves.js';
import { checkImages, imageItems, type Images } from './images.js';
import type { OwnDataset } from './own-dataset.js';

/** Describes a data set of classes that is made in a program. */
export interface ClassesInMemory {
  /** Its name (default `Memory`): configurations then name it `MemorySEC`. */
  readonly name?: string;
  /** A picture of each item: files, or pixels. */
  readonly images: Images;
  /** The class of each item, by name or number. */
  readonly classes: readonly (string | number)[];
}

/**
 * Makes a data set of classes from values in memory. The first half of the classes, sorted, is for training, the rest for
 * test, as of every class set.
 *
 * @throws UsageError where images and classes do not fit
 */
export function fromClasses({ name = 'Memory', images, classes, ...others }: ClassesInMemory): OwnDataset {
  refuseUnknown(others, ['name', 'images', 'classes'], 'member of fromClasses');
  if (classes.length !== images.length)
    throw new UsageError(
      `invalid classes of ${name}: ${classes.length}; it has ${images.length} pictures, give the class of each`,
    );
  checkImages(images, images.length, name);
  const numeric = classes.every((c) => typeof c === 'number');
  const names = [...new Set(classes)].sort(numeric ? (a, b) => Number(a) - Number(b) : undefined).map(String);
  if (names.length < 4) throw new UsageError(`invalid classes of ${name}: ${names.length} of them; give 4 or more`);
  const numbers = new Map(names.map((one, i) => [one, i + 1]));
  const lastTraining = Math.ceil(names.length / 2);
  const read = (): ClassPictures => ({
    folder: { root: null, files: [], missing: [] },
    items: images.map((image, index) => ({
      file: typeof image === 'string' ? image : 'file' in image ? image.file : null,
      class: numbers.get(String(classes[index]))!,
      index,
    })),
    classNames: names,
    isTraining: (item) => item.class <= lastTraining,
    notes: ['its pictures and classes were given by a program'],
    picture: imageItems(images, name),
  });
  return { kind: 'classes', name, read, content: { classes, images } };
}
