import { basename, join } from 'node:path';
import { makeFolder, writeFileAtomic } from '../../files.js';
import { picturesOf } from './keep-pictures.js';
import { notebookOutput, readNotebook, writeNotebook } from '../notebook-file.js';

/**
 * Writes `NAME.static.ipynb`: an executed notebook with a picture in place of each figure and view.
 *
 * @returns the copy's path
 * @throws UsageError where the notebook is invalid or, if it has figures, Chromium is missing
 */
export async function exportStatic(file: string, outputDirectory: string = notebookOutput()): Promise<string> {
  const notebook = readNotebook(file);
  makeFolder(outputDirectory);
  for (const { output, picture } of await picturesOf(notebook))
    output.data = { 'image/png': picture, 'text/plain': output.data!['text/plain'] ?? '[figure]' };
  const target = join(outputDirectory, `${basename(file, '.ipynb')}.static.ipynb`);
  writeFileAtomic(target, writeNotebook(notebook));
  return target;
}
