import { join } from 'node:path';
import type { DataFolder } from './data-folder.js';

/**
 * The pictures of a folder, sorted: names of its files that end so.
 *
 * @param folderName relative to the root
 * @param extension with its dot; case counts
 */
export function listPictures(folder: DataFolder, folderName: string, extension: string): string[] {
  return folder
    .entries(folderName)
    .filter((entry) => entry.name.endsWith(extension) && folder.leadsTo('file', folderName, entry))
    .map((entry) => entry.name)
    .sort();
}

/** Folders in a folder, in the order of full paths: as if their names ended in a slash. */
export function listFolders(folder: DataFolder, folderName: string): string[] {
  return folder
    .entries(folderName)
    .filter((entry) => folder.leadsTo('folder', folderName, entry))
    .map((entry) => `${entry.name}/`)
    .sort()
    .map((name) => name.slice(0, -1));
}

/** Path of a picture in a folder of the root. */
export function picturePath(folder: DataFolder, folderName: string, picture: string): string {
  return join(folder.root, folderName, picture);
}
