import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolder } from '../datasets/data-folder.js';
import { readTrialTriplets } from '../datasets/sets/ihsj-files.js';
import { differs, outcome, type Outcome } from './outcome.js';

const files = { catalog: 'catalog.hdf5', trials: 'obs.hdf5' } as const;
/** More than any picture's number. */
const PICTURES = 50_000;

/** Checks the HDF5 files of `formats/`: the triplets that trials and catalog give together. */
export function checkHdf5(folder: string): Outcome[] {
  const present = Object.values(files).filter((name) => existsSync(join(folder, name)));
  return present.map((name) =>
    outcome(name, () => {
      const { triplets } = JSON.parse(readFileSync(join(folder, 'ihsj.json'), 'utf8')) as { triplets: number[][] };
      const read = readTrialTriplets(new DataFolder(folder, 'ihsj'), PICTURES, files);
      return differs('triplets', Array.from(read), triplets.flat());
    }),
  );
}
