import type { ClassDataset } from '../dataset.js';
import { makeClassHalves, type ClassPictures } from '../splits/class-halves.js';
import { customFolder, PICTURE_FOLDER, picturesBelow } from './custom-folder.js';
import { listFolders, picturePath } from '../pictures.js';
import type { DatasetRequest } from '../../configuration/dataset-version.js';

const LEAST_CLASSES = 4;
const LAYOUT = `${PICTURE_FOLDER}/CLASS/ (jpg, jpeg, png or webp), a folder for each class`;

/**
 * Reads a user's own classes: pictures in `images/CLASS/`, classes and pictures sorted by path.
 *
 * The first half of the classes (the larger one where their number is odd) is for training, the rest for test.
 *
 * @throws UsageError where there are fewer than four classes, or one without pictures
 */
export function readCustomClasses(request: DatasetRequest): ClassPictures {
  const folder = customFolder(request, LAYOUT);
  const classNames = listFolders(folder, PICTURE_FOLDER);
  const items: { file: string; class: number; index: number }[] = [];
  classNames.forEach((name, i) => {
    const classFolder = `${PICTURE_FOLDER}/${name}`;
    const pictures = picturesBelow(folder, classFolder);
    if (pictures.length === 0)
      throw folder.invalid(classFolder, null, 'a class without pictures; add some or remove it');
    for (const picture of pictures)
      items.push({ file: picturePath(folder, classFolder, picture), class: i + 1, index: items.length });
  });
  if (classNames.length < LEAST_CLASSES)
    throw folder.invalid(PICTURE_FOLDER, null, `${classNames.length} class folders; give ${LEAST_CLASSES} or more`);
  const lastTraining = Math.ceil(classNames.length / 2);
  return { folder, items, classNames, isTraining: (item) => item.class <= lastTraining, notes: [] };
}

/** Builds `CustomClassesSEC`. */
export function makeCustomClasses(request: DatasetRequest): ClassDataset {
  return makeClassHalves(request, () => readCustomClasses(request));
}
