import { existsSync, statSync } from 'node:fs';
import { MissingInput, UsageError } from '../../errors.js';
import { DataFolder } from '../data-folder.js';
import { isPictureName, listFolders, listPictureNames } from '../pictures.js';
import type { DatasetRequest } from '../../configuration/dataset-version.js';

export const PICTURE_FOLDER = 'images';
const DEEPEST = 16;

/**
 * Opens the root folder of a user's own data.
 *
 * @param layout what it should contain, for errors
 * @throws UsageError where none is configured or there is no such folder
 */
export function customFolder(request: DatasetRequest, layout: string): DataFolder {
  const root = request.raw_data_directory_name;
  if (root === undefined || root === null)
    throw new UsageError(`missing dataset.raw_data_directory_name for ${request.name}; a folder with ${layout}`);
  if (!existsSync(root) || !statSync(root).isDirectory())
    throw new MissingInput(`missing data: there is no folder ${root}; ${request.name} needs one with ${layout}`);
  return new DataFolder(root, { remedy: `${request.name} needs a folder with ${layout}` });
}

/**
 * Lists the pictures in a folder and its subfolders, sorted by path: paths relative to the folder, with slashes.
 *
 * @throws UsageError where folders are more than 16 deep, as in a circle of links
 */
export function picturesBelow(folder: DataFolder, folderName: string): string[] {
  return below(folder, folderName, 0).sort();
}

function below(folder: DataFolder, folderName: string, depth: number): string[] {
  if (depth > DEEPEST) throw folder.invalid(folderName, null, `it has folders more than ${DEEPEST} levels deep`);
  const own = listPictureNames(folder, folderName, isPictureName);
  const others = listFolders(folder, folderName);
  return [
    ...own,
    ...others.flatMap((name) =>
      below(folder, `${folderName}/${name}`, depth + 1).map((picture) => `${name}/${picture}`),
    ),
  ];
}
