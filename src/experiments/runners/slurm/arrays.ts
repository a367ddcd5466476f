import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../../files.js';
import { readStoredJson } from '../../../stored-json.js';
import type { Stage } from '../../jobs/job.js';

/** A job array. It is stored before it is submitted, so that its name in Slurm always finds it again. */
export interface StoredArray {
  readonly format: 1;
  readonly name: string;
  readonly table: string;
  readonly stage: Stage;
  /** The file of all jobs of the table (`storeJobs`). */
  readonly list: string;
  /** The keys of the jobs of each task, by the task's number. */
  readonly tasks: readonly (readonly string[])[];
}

const arraySchema = z.object({
  format: z.literal(1),
  name: z.string(),
  table: z.string(),
  stage: z.string(),
  list: z.string(),
  tasks: z.array(z.array(z.string())),
});

const place = (folder: string): string => join(folder, 'slurm');

/** Returns the file that tasks of an array read. */
export const arrayFile = (name: string, folder: string): string => join(place(folder), `${name}.json`);

export function storeArray(array: StoredArray, folder: string): void {
  writeFileAtomic(arrayFile(array.name, folder), `${JSON.stringify(array, null, 1)}\n`);
}

/**
 * Loads a stored array.
 *
 * @throws UsageError where there is none
 */
export function loadArray(file: string): StoredArray {
  return readStoredJson(file, arraySchema, { what: 'job array', remedy: 'remove it and run the table again' });
}

/** Returns all arrays that were ever stored, by name. */
export function storedArrays(folder: string): Map<string, StoredArray> {
  if (!existsSync(place(folder))) return new Map();
  const names = readdirSync(place(folder)).filter((name) => /^tripletlab-\w+\.json$/.test(name));
  const arrays = names.map((name) => loadArray(join(place(folder), name)));
  return new Map(arrays.map((array) => [array.name, array]));
}
