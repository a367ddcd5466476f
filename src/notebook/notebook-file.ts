import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../errors.js';

/** One output of a code cell (nbformat 4); only the fields that are used here. */
export interface Output {
  output_type: string;
  data?: Record<string, unknown>;
  [key: string]: unknown;
}

/** One cell of a notebook. */
export interface Cell {
  cell_type: string;
  source: string | string[];
  outputs?: Output[];
  [key: string]: unknown;
}

/** A Jupyter notebook, format 4. */
export interface Notebook {
  nbformat: number;
  cells: Cell[];
  [key: string]: unknown;
}

/** Joins a text of a notebook, which is stored whole or line by line. */
export function joined(text: unknown): string {
  return Array.isArray(text) ? text.join('') : String(text as string);
}

/**
 * Reads a notebook.
 *
 * @throws UsageError where the file is missing or no notebook of format 4
 */
export function readNotebook(file: string): Notebook {
  if (!existsSync(file)) throw new UsageError(`missing notebook: ${file}; give the path of an .ipynb file`);
  let notebook: Partial<Notebook> | null;
  try {
    notebook = JSON.parse(readFileSync(file, 'utf8')) as Partial<Notebook> | null;
  } catch (error) {
    throw new UsageError(`invalid notebook: ${file}; ${(error as Error).message.split('\n')[0]}`);
  }
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells))
    throw new UsageError(`invalid notebook: ${file}; it is not a Jupyter notebook of format 4, save it as one`);
  return notebook as Notebook;
}

/** Writes a notebook as Jupyter does. */
export function writeNotebook(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/** Returns the folder of executed and exported notebooks: `build/notebooks/` of the working directory. */
export function notebookOutput(): string {
  return resolve('build', 'notebooks');
}

/** Returns the notebooks of the working directory's `notebooks/`, in the order of their names. */
export function listNotebooks(): string[] {
  const folder = resolve('notebooks');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb') && !name.startsWith('.'));
  return names.sort().map((name) => join(folder, name));
}
