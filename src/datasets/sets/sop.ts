import { join } from 'node:path';
import { DataFolder } from '../data-folder.js';
import type { ClassDataset } from '../dataset.js';
import { makeClassHalves, type ClassPictures } from '../splits/class-halves.js';
import { excerpt } from '../index-triplets.js';
import { configuredRoot, locate } from '../../acquisition/locate.js';
import type { DatasetRequest } from '../../configuration/dataset-version.js';

const CLASSES = 22634;
const PICTURES = 120053;
const ROW = /^\d+ (\d{1,9}) \d+ (\S+)$/;
const COLUMNS = 'image_id class_id super_class_id path';
const FILES = { training: 'Ebay_train.txt', test: 'Ebay_test.txt' } as const;

/**
 * Reads Stanford Online Products: pictures and classes in the order of `Ebay_train.txt`, then of `Ebay_test.txt`; lines
 * after the header are `image_id class_id super_class_id path`.
 *
 * @throws UsageError where a file is missing or invalid, naming the line, or none of the pictures exists
 *
 * Source: Oh Song, Xiang, Jegelka, Savarese 2016, "Deep Metric Learning via Lifted Structured Feature Embedding".
 */
export function readSop(root: string): ClassPictures {
  const folder = new DataFolder(root, 'sop');
  const classNames = Array.from({ length: CLASSES }, (_, i) => `product ${i + 1}`);
  const training = readHalf(folder, FILES.training, 0);
  const items = [...training, ...readHalf(folder, FILES.test, training.length)];
  return {
    folder,
    items,
    classNames,
    isTraining: (item) => item.index < training.length,
    notes: items.length === PICTURES ? [] : [`${items.length} pictures instead of ${PICTURES}`],
  };
}

/** Builds `SOPSEC`. */
export function makeSop(request: DatasetRequest): ClassDataset {
  return makeClassHalves(request, () =>
    readSop(locate('sop', request.raw_data_directory_name ?? configuredRoot('sop'))),
  );
}

function readHalf(folder: DataFolder, name: string, first: number) {
  const lines = folder.read(name).toString('utf8').split('\n');
  const header = lines[0].trim();
  const named = header.toLowerCase().split(/\s+/);
  if (ROW.test(header) || (named.includes('class_id') && named.join(' ') !== COLUMNS))
    throw folder.invalid(name, 1, `'${excerpt(Buffer.from(header), 0, header.length)}' is not the header ${COLUMNS}`);
  const items: { file: string; class: number; index: number }[] = [];
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i].replace(/\r$/, '');
    if (line === '') continue;
    const [, digits, path] = ROW.exec(line) ?? [];
    const number = Number(digits);
    if (!(number >= 1 && number <= CLASSES))
      throw folder.invalid(
        name,
        i + 1,
        `'${excerpt(Buffer.from(line), 0, line.length)}' is not ${COLUMNS}, with a class of 1 to ${CLASSES}`,
      );
    if (path.startsWith('/') || path.split('/').includes('..'))
      throw folder.invalid(name, i + 1, 'its path leads out of the folder');
    items.push({ file: join(folder.root, path), class: number, index: first + items.length });
  }
  return items;
}
