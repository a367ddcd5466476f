// Reads data sets of one HDF5 file in a process of its own and gives an `Answer` of hdf5.ts. So endless work, an abort
// or a use of all memory, which damaged files can cause in the library, ends with this process.
import { readFileSync, writeSync } from 'node:fs';
import { serialize } from 'node:v8';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { UsageError } from '../../errors.js';
import { fileBytes } from '../file-bytes.js';
import { readDatasets } from './hdf5-datasets.js';
import type { Question } from './hdf5.js';

if (isMainThread) await answerQuestion();
else endAfter(workerData as number);

async function answerQuestion(): Promise<void> {
  // The process that asks also receives an interrupt, and ends this one.
  process.on('SIGINT', () => undefined);
  const { file, names, seconds } = JSON.parse(readFileSync(0, 'utf8')) as Question;
  new Worker(new URL(import.meta.url), { workerData: seconds }).unref();
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
}

/** Ends this process after this much processor time, which detects endless work also on a busy machine. */
function endAfter(seconds: number): void {
  setInterval(() => {
    if (process.cpuUsage().user > seconds * 1e6) process.kill(process.pid, 'SIGKILL');
  }, 200);
}
