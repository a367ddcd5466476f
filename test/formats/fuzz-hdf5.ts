import { readFileSync, writeSync } from 'node:fs';
import { readDatasets } from '../../src/formats/hdf5/hdf5-datasets.js';
import { mutated } from './mutations.js';

// Reads mutations of a file from a number on, in one process, and writes the number of each before it is read.
const [, , file, names, first, end] = process.argv;
const bytes = readFileSync(file);
for (let i = Number(first); i < Number(end); i++) {
  writeSync(1, `${i}\n`);
  try {
    await readDatasets(mutated(bytes, i), names.split(','));
  } catch (error) {
    // After this the library does nothing more.
    if (/abort/i.test(String(error))) process.exit(3);
  }
}
writeSync(1, `end ${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
