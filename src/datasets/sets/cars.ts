import { join } from 'node:path';
import { readMat, type MatStruct, type MatValue } from '../../formats/mat/mat.js';
import { DataFolder } from '../data-folder.js';
import type { ClassDataset } from '../dataset.js';
import { makeClassHalves, type ClassPictures } from '../splits/class-halves.js';
import { excerpt } from '../index-triplets.js';
import { configuredRoot, locate } from '../../acquisition/locate.js';
import type { DatasetRequest } from '../../configuration/dataset-version.js';

const CLASSES = 196;
const LAST_TRAINING_CLASS = 98;
const PICTURES = 16185;
const ANNOTATIONS_FILE = 'cars_annos.mat';

/**
 * Reads Stanford Cars: pictures and classes in the order of `cars_annos.mat`.
 *
 * @throws UsageError where the file is missing or invalid, or none of its pictures exists
 *
 * Source: Krause, Stark, Deng, Fei-Fei 2013, "3D Object Representations for Fine-Grained Categorization".
 */
export function readCars(root: string): ClassPictures {
  const folder = new DataFolder(root, 'cars');
  const variables = readMat(folder.file(ANNOTATIONS_FILE));
  const annotations = variables.get('annotations');
  if (annotations?.kind !== 'struct')
    throw folder.invalid(ANNOTATIONS_FILE, null, 'it has no array of structs named annotations');
  const items = annotations.values.map((row, index) => ({
    file: join(root, relativePath(folder, row, index)),
    class: classNumber(folder, row, index),
    index,
  }));
  return {
    folder,
    items,
    classNames: readNames(variables.get('class_names')),
    isTraining: (item) => item.class <= LAST_TRAINING_CLASS,
    notes: items.length === PICTURES ? [] : [`${items.length} pictures instead of ${PICTURES}`],
  };
}

/** Builds `CARSSEC`. */
export function makeCars(request: DatasetRequest): ClassDataset {
  return makeClassHalves(request, () =>
    readCars(locate('cars', request.raw_data_directory_name ?? configuredRoot('cars'))),
  );
}

type Row = MatStruct['values'][number];

function relativePath(folder: DataFolder, row: Row, index: number): string {
  const path = textOf(row.get('relative_im_path'));
  if (path === null)
    throw folder.invalid(ANNOTATIONS_FILE, null, `annotation ${index + 1} has no text relative_im_path`);
  // Nothing outside the root is read, whatever the file says.
  if (path.split(/[/\\]/).includes('..') || /^([/\\]|[A-Za-z]:)/.test(path))
    throw folder.invalid(
      ANNOTATIONS_FILE,
      null,
      `annotation ${index + 1} leads out of the folder: ${excerpt(Buffer.from(path), 0, path.length)}`,
    );
  return path;
}

function classNumber(folder: DataFolder, row: Row, index: number): number {
  const value = row.get('class');
  const number = value?.kind === 'numeric' && value.data.length === 1 ? Number(value.data[0]) : NaN;
  if (!(Number.isInteger(number) && number >= 1 && number <= CLASSES))
    throw folder.invalid(ANNOTATIONS_FILE, null, `annotation ${index + 1} has no class of 1 to ${CLASSES}`);
  return number;
}

function readNames(value: MatValue | undefined): string[] {
  const names = value?.kind === 'cell' ? value.values.map(textOf) : [];
  return Array.from({ length: CLASSES }, (_, i) => names[i] ?? `class ${i + 1}`);
}

function textOf(value: MatValue | undefined): string | null {
  return value?.kind === 'char' && value.rows.length === 1 ? value.rows[0] : null;
}
