// Reads data sets of one HDF5 file in a process of its own and gives an `Answer` of hdf5.ts. So endless work, an abort
// or a use of all memory, which damaged files can cause in the library, ends with this process.
import { readFileSync, writeSync } from 'node:fs';
import { serialize } from 'node:v8';
import { UsageError } from '../../errors.js';
import { startThread } from '../../start-thread.js';
import { fileBytes } from '../file-bytes.js';
import { readDatasets } from './hdf5-datasets.js';
import type { Question } from './hdf5.js';

// The process that asks also receives an interrupt, and ends this one.
process.on('SIGINT', () => undefined);
const { file, names, seconds } = JSON.parse(readFileSync(0, 'utf8')) as Question;
startThread('formats/hdf5/hdf5-time-limit.js', seconds);
const answer = await readDatasets(fileBytes(file), names).then(
  (values) => ({ values }),
  (error: unknown) =>
    error instanceof UsageError
      ? { usage: error.message }
      : { error: error instanceof Error ? error.message : String(error) },
);
const bytes = serialize(answer);
for (let at = 0; at < bytes.length;) at += writeSync(1, bytes, at);
process.exit(0);
