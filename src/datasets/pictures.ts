import { join } from 'node:path';
import type { DataFolder } from './data-folder.js';

/**
 * Lists the pictures of a folder, sorted: names of its files with this extension.
 *
 * @param folderName relative to the root
 * @param extension with its dot; case counts
 */
export function listPictures(folder: DataFolder, folderName: string, extension: string): string[] {
  return listPictureNames(folder, folderName, (name) => name.endsWith(extension));
}

/** Lists the names of a folder's files that are wanted, sorted. */
export function listPictureNames(folder: DataFolder, folderName: string, wanted: (name: string) => boolean): string[] {
  return folder
    .entries(folderName)
    .filter((entry) => wanted(entry.name) && folder.leadsTo('file', folderName, entry))
    .map((entry) => entry.name)
    .sort();
}

/** Is this the name of a picture: jpg, jpeg, png or webp, in any case? */
export function isPictureName(name: string): boolean {
  return /.\.(jpe?g|png|webp)$/is.test(name);
}

/** Lists the folders in a folder, in the order of full paths: as if their names ended in a slash. */
export function listFolders(folder: DataFolder, folderName: string): string[] {
  return folder
    .entries(folderName)
    .filter((entry) => folder.leadsTo('folder', folderName, entry))
    .map((entry) => `${entry.name}/`)
    .sort()
    .map((name) => name.slice(0, -1));
}

/** Returns the path of a picture in a folder of the root. */
export function picturePath(folder: DataFolder, folderName: string, picture: string): string {
  return join(folder.root, folderName, picture);
}
