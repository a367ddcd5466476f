import test from 'ava';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { loadTable, runTable, type ResolvedTable } from '../../src/experiments/index.js';
import { attemptsOf } from '../../src/experiments/jobs/attempts.js';
import { storeJobs } from '../../src/experiments/jobs/job-list.js';
import { arrayFile, storeArray } from '../../src/experiments/runners/slurm/arrays.js';
import { startTripletlab, temporaryFolder, tripletlab } from '../command-line.js';
import { Holds } from './holds.js';

const folder = temporaryFolder();
const held = temporaryFolder();
test.after.always(() => {
  for (const place of [folder, held]) rmSync(place, { recursive: true, force: true });
});

/** An array of a stage in one task, as it is stored before it is submitted; how Slurm starts it. */
function array(stage: 'teachers' | 'embeddings', { table, jobs }: ResolvedTable): string[] {
  const name = `tripletlab-${stage}`;
  const keys = jobs.filter((job) => job.stage === stage).map(({ key }) => key);
  storeArray({ format: 1, name, table: table.name, stage, list: storeJobs(jobs, folder), tasks: [keys] }, folder);
  return ['experiments', 'task', arrayFile(name, folder)];
}

test.serial('a task without what its jobs need says so and fails', (t) => {
  const table = loadTable('table-teachers', { profile: 'smoke', folder });
  const args = array('embeddings', table);
  const { status, stderr } = tripletlab(args, { env: { SLURM_ARRAY_TASK_ID: '0' } });
  t.is(status, 1);
  t.is(stderr.match(/^.*: it needs \w+ run-\d+\.\.\d+; run the table again$/gm)?.length, 16);
  t.is(tripletlab(args, { env: { SLURM_ARRAY_TASK_ID: '1' } }).status, 1);
});

test.serial('a task that is stopped in a job that cannot be begins no other', async (t) => {
  t.timeout(600_000);
  const table = loadTable('table-teachers', { profile: 'smoke', folder });
  const holds = new Holds(held);
  t.is(tripletlab(array('teachers', table), { env: { SLURM_ARRAY_TASK_ID: '0' } }).status, 0);
  const [first, ...others] = table.jobs.filter(({ stage }) => stage === 'embeddings');
  const file = first.kind === 'embeddings' ? `embeddings_${first.key}.npz` : `${first.key}.json`;
  holds.order(file);
  const task = startTripletlab(array('embeddings', table), { env: { ...holds.env, SLURM_ARRAY_TASK_ID: '0' } });
  task.stderr!.resume();
  const end = once(task, 'close');
  process.kill(await holds.held(file), 'SIGTERM');
  holds.release(file);
  t.is(((await end) as [number])[0], 143);
  const ends = (key: string) => attemptsOf(key, folder).map((attempt) => attempt.end);
  t.deepEqual(ends(first.key), ['done']);
  t.true(others.every(({ key }) => ends(key).length === 0));
  t.is((await runTable(table)).done, 24);
});
