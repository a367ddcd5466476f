import { DataFolder } from '../data-folder.js';
import type { ClassDataset } from '../dataset.js';
import { makeClassHalves, type ClassPictures } from '../splits/class-halves.js';
import { configuredRoot, locate } from '../../acquisition/locate.js';
import { isPictureName, listFolders, listPictureNames, picturePath } from '../pictures.js';
import type { DatasetRequest } from '../../configuration/dataset-version.js';

const CLASSES = 200;
const LAST_TRAINING_CLASS = 100;
const PICTURES = 11788;
const PICTURE_FOLDER = 'images';

/**
 * Reads CUB-200-2011: pictures `images/NNN.Name/*` sorted by path, NNN the class.
 *
 * @throws UsageError where there are none, or a folder has another name
 *
 * Source: Wah, Branson, Welinder, Perona, Belongie 2011, "The Caltech-UCSD Birds-200-2011 Dataset".
 */
export function readCub(root: string): ClassPictures {
  const folder = new DataFolder(root, 'cub');
  const items: { file: string; class: number; index: number }[] = [];
  const classNames = Array.from({ length: CLASSES }, (_, i) => `class ${i + 1}`);
  for (const name of listFolders(folder, PICTURE_FOLDER)) {
    const classFolder = `${PICTURE_FOLDER}/${name}`;
    const [, digits, title] = /^(\d{1,4})\.(.*)$/.exec(name) ?? [];
    const number = Number(digits);
    if (!(number >= 1 && number <= CLASSES))
      throw folder.invalid(classFolder, null, `not named NNN.Name with a class of 1 to ${CLASSES}`);
    classNames[number - 1] = title.replaceAll('_', ' ');
    for (const picture of listPictureNames(folder, classFolder, isPictureName))
      items.push({ file: picturePath(folder, classFolder, picture), class: number, index: items.length });
  }
  if (items.length === 0) throw folder.missingFile(`${PICTURE_FOLDER}/*/*.jpg`);
  return {
    folder,
    items,
    classNames,
    isTraining: (item) => item.class <= LAST_TRAINING_CLASS,
    notes: items.length === PICTURES ? [] : [`${items.length} pictures instead of ${PICTURES}`],
  };
}

/** Builds `CUBSEC`. */
export function makeCub(request: DatasetRequest): ClassDataset {
  return makeClassHalves(request, () =>
    readCub(locate('cub', request.raw_data_directory_name ?? configuredRoot('cub'))),
  );
}
