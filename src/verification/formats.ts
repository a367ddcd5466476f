import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMat, type MatValue } from '../formats/mat/mat.js';
import { readNpz } from '../formats/npz.js';
import { differs, outcome, type Outcome } from './outcome.js';

const flat = (value: unknown): unknown[] => (Array.isArray(value) ? value.flatMap(flat) : [value]);

/** Lists all numbers and texts of a MATLAB value, with cells and structs opened. */
function leaves(value: MatValue | undefined): unknown[] {
  if (value === undefined || value.kind === 'other') return [];
  if (value.kind === 'char') return [...value.rows];
  if (value.kind === 'cell') return value.values.flatMap(leaves);
  if (value.kind === 'struct') return value.values.flatMap((struct) => [...struct.values()].flatMap(leaves));
  return Array.from(value.data as ArrayLike<number>, Number);
}

/** Lists path and class of each picture in `cars_annos.mat`. */
function annotations(value: MatValue | undefined): unknown[] {
  if (value?.kind !== 'struct') return [];
  return value.values.flatMap((struct) => [...leaves(struct.get('relative_im_path')), ...leaves(struct.get('class'))]);
}

/** Checks the readers of file formats against the files of `formats/`. */
export async function checkFormats(folder: string): Promise<Outcome[]> {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const readers: Record<string, () => string | undefined> = {
    'embeddings_stored.npz': () => compareEmbeddings('embeddings_stored.npz'),
    'embeddings_compressed.npz': () => compareEmbeddings('embeddings_compressed.npz'),
    'sortind.mat': () => compareMat('sortind.mat', 'sortind'),
    'words_compressed.mat': () => compareMat('words_compressed.mat', 'words48'),
    'cars_annos.mat': () => {
      const read = annotations(readMat(join(folder, 'cars_annos.mat')).get('annotations'));
      return differs('annotations', read, flat((json('mat.json') as { cars: unknown }).cars));
    },
  };
  const compareEmbeddings = (name: string): string | undefined => {
    const array = readNpz(join(folder, name)).get('embeddings');
    return differs('embeddings', Array.from(array?.data ?? [], Number), flat(json('embeddings.json')));
  };
  const compareMat = (name: string, variable: string): string | undefined =>
    differs(
      variable,
      leaves(readMat(join(folder, name)).get(variable)),
      flat((json('mat.json') as Record<string, unknown>)[variable]),
    );
  const present = Object.entries(readers).filter(([name]) => existsSync(join(folder, name)));
  const { checkHdf5 } = await import('./hdf5.js');
  const { checkWeights } = await import('./weights.js');
  return [...present.map(([name, check]) => outcome(name, check)), ...checkHdf5(folder), ...checkWeights(folder)];
}
