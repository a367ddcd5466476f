import test from 'ava';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { storeJobs } from '../../src/experiments/jobs/job-list.js';
import { runWorkers } from '../../src/experiments/runners/local/run-workers.js';
import { temporaryFolder } from '../command-line.js';

/** Loaded before a worker's program: it leaves what the worker was given in the folder SEEN. */
const witness = `
import { writeFileSync } from 'node:fs';
const { SEEN, CUDA_VISIBLE_DEVICES, TRIPLETLAB_THREADS } = process.env;
if (process.argv[3] === 'work') writeFileSync(SEEN + '/' + process.pid, CUDA_VISIBLE_DEVICES + ' ' + TRIPLETLAB_THREADS);`;

test.serial('each worker has a GPU of its own, again from the first where there are more workers', async (t) => {
  const folder = temporaryFolder();
  const seen = join(folder, 'seen');
  mkdirSync(seen);
  const given = { ...process.env };
  process.env['CUDA_VISIBLE_DEVICES'] = '4,6';
  process.env['TRIPLETLAB_THREADS'] = '3';
  process.env['SEEN'] = seen;
  process.env['NODE_OPTIONS'] = `--import=data:text/javascript,${encodeURIComponent(witness)}`;
  try {
    await runWorkers(storeJobs([], folder), { processes: 3, since: 0 });
    const told = readdirSync(seen).map((name) => readFileSync(join(seen, name), 'utf8'));
    t.deepEqual(told.sort(), ['4 3', '4 3', '6 3']);
  } finally {
    process.env = given;
    rmSync(folder, { recursive: true, force: true });
  }
});
