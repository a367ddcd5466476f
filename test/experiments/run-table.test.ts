import test from 'ava';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTable, runTable, tableStatus, formatStatus } from '../../src/experiments/index.js';
import { jobFolder } from '../../src/experiments/jobs/attempts.js';
import { lockRun } from '../../src/training/index.js';
import { tripletlab } from '../command-line.js';
import { args, doneTable, ends, load, numbers, TABLE } from './class-table.js';

const { whole, temporary } = doneTable();

const doneOnce = (folder: string): boolean =>
  ends(folder).every((all) => all.at(-1) === 'done' && all.filter((end) => end === 'done').length === 1);

test.serial('a finished table is not done again, and its status says so', async (t) => {
  const before = ends(whole);
  const begun: string[] = [];
  const { done, all, failed } = await runTable(load(whole), { onJob: ({ label }) => begun.push(label) });
  t.deepEqual([done, all, failed.size, begun], [12, 12, 0, []]);
  t.deepEqual(ends(whole), before);
  t.true(doneOnce(whole));
  t.regex(formatStatus(tableStatus(load(whole))), /: 12 of 12 jobs done, done\n/);
});

test.serial('a table that is stopped goes on where it was', async (t) => {
  const folder = temporary();
  const controller = new AbortController();
  let ended = 0;
  const stopped = runTable(load(folder), {
    signal: controller.signal,
    onEnd: () => {
      if (++ended === 3) controller.abort();
    },
  });
  await t.throwsAsync(stopped, { message: /^interrupted/ });
  const { counts } = tableStatus(load(folder));
  t.is(counts.networks.done + counts.evaluation.done, 3);
  await runTable(load(folder));
  t.true(doneOnce(folder));
  t.deepEqual(numbers(folder), numbers(whole));
});

test.serial(
  'a job that fails is listed with its reason, leaves the others alone, and is tried again by the next run',
  async (t) => {
    const folder = temporary();
    const table = load(folder);
    const [training] = table.jobs;
    t.is(training.kind, 'training');
    if (training.kind !== 'training') return;
    // something lies where its run would
    const [{ run }] = training.runs;
    const place = join(folder, run.output_directory_name, 'run-0006');
    jobFolder(training.key, folder);
    lockRun(jobFolder(training.key, folder), 'a test')();
    const { mkdirSync } = await import('node:fs');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'letter.txt'), '');
    const report = await runTable(table);
    t.is(report.done, 10);
    t.regex(report.failed.get(training.key)!, /holds letter\.txt but no run\.json/);
    const text = formatStatus(tableStatus(table));
    t.regex(text, /^failed {2}cub_se_rkd_ns_vits run-0006 {2}folder .* holds letter\.txt/m);
    rmSync(place, { recursive: true });
    const again = await runTable(table);
    t.deepEqual([again.done, again.failed.size], [12, 0]);
    t.deepEqual(ends(folder)[0], ['failed', 'done']);
    t.true(
      ends(folder)
        .slice(1)
        .every((all) => all.length === 1),
    );
  },
);

test.serial('what another process is at is left to it', async (t) => {
  const folder = temporary();
  const table = load(folder);
  const release = lockRun(jobFolder(table.jobs[0].key, folder), 'a test'); // as another process would
  const controller = new AbortController();
  const begun: string[] = [];
  const running = runTable(table, {
    signal: controller.signal,
    onJob: ({ label }) => {
      begun.push(label);
      if (begun.length === 3) controller.abort();
    },
  });
  await t.throwsAsync(running, { message: /^interrupted/ });
  t.false(begun.includes(table.jobs[0].label));
  t.is(tableStatus(table).jobs[0].state, 'running');
  release();
  t.is(tableStatus(table).jobs[0].state, 'waiting');
});

test.serial('of what is locked by a process on a machine that cannot be asked, one line says what to do', async (t) => {
  const folder = temporary();
  const table = load(folder);
  const [, evaluation] = table.jobs; // the last that can be done: it needs the first
  const lock = join(jobFolder(evaluation.key, folder), 'lock');
  writeFileSync(lock, JSON.stringify({ pid: 4242, start: '1', host: 'a-container-of-yesterday' }));
  const said: string[] = [];
  const { done, failed } = await runTable(table, {
    log: (line) => {
      said.push(line);
      if (line.includes('a-container')) rmSync(lock);
    },
  });
  t.deepEqual([done, failed.size], [12, 0]);
  const told = said.filter((line) => line.includes('process 4242'));
  t.deepEqual(told, [
    `${evaluation.label} is locked by process 4242 on a-container-of-yesterday; if that process is gone, remove ${lock}`,
  ]);
});

test.serial('runs that tables share are done once', async (t) => {
  const folder = temporary();
  const one = loadTable('teachers', { profile: 'smoke', folder });
  const other = loadTable('number-of-teachers', { profile: 'smoke', folder });
  const keys = new Set(other.jobs.map(({ key }) => key));
  const shared = one.jobs.filter(({ key }) => keys.has(key));
  t.is(shared.length, 12); // four times five teachers, their embeddings, what they say together
  await runTable(one);
  const done = tableStatus(other).jobs.filter(({ state }) => state === 'done');
  t.deepEqual(done.map(({ job }) => job.key).sort(), shared.map(({ key }) => key).sort());
});

test.serial('what there is no data for is said before any work, once, and the rest is done', async (t) => {
  const folder = temporary();
  const said: string[] = [];
  const given = process.env['TRIPLETLAB_DATA'];
  process.env['TRIPLETLAB_DATA'] = folder;
  try {
    const table = loadTable('class-datasets', { profile: 'paper', folder });
    const { done, missing } = await runTable(table, { log: (line) => said.push(line) });
    t.deepEqual([done, missing.size], [0, 12]);
    t.is(said.length, 3);
    t.regex(said[0], /^4 jobs cannot be done here: missing data: .*see data-manifests\/cub\.yaml$/);
    t.deepEqual(tableStatus(table).counts.networks.missing, 6);
  } finally {
    if (given === undefined) delete process.env['TRIPLETLAB_DATA'];
    else process.env['TRIPLETLAB_DATA'] = given;
  }
});

test.serial('the command lists, shows, collects, and refuses in one line', (t) => {
  const list = tripletlab(['experiments', 'list']);
  t.regex(list.stdout, /^table-number-of-teachers +385 +75 /m);
  t.regex(list.stdout, /^all tables +490 +386 /m);
  const show = tripletlab(args('show', whole));
  t.regex(show.stdout, /^differs from the original: a trial of the machinery/m);
  t.regex(show.stdout, /^12 of 12 jobs are done/m);
  const jobs = tripletlab(args('show', whole, '--jobs'))
    .stdout.trimEnd()
    .split('\n')
    .slice(1);
  t.deepEqual(
    jobs.map((line) => line.split(/ {2,}/).slice(1)),
    load(whole).jobs.map(({ stage, label, key }) => [stage, label, key, 'done']),
  );
  const to = temporary();
  const collected = tripletlab(args('collect', whole, '--format=csv', `--to=${to}`));
  t.regex(collected.stdout, /^data,loss,metric,over,runs,/);
  t.deepEqual(readdirSync(to).sort(), ['csv', 'json', 'md', 'tex'].map((end) => `${TABLE}.${end}`).concat(`${TABLE}-comparisons.csv`).sort()); // prettier-ignore
  const wrong = tripletlab(['experiments', 'run', 'table-teachrs']);
  t.deepEqual([wrong.status, wrong.stderr.split('\n')[0]], [1, 'tripletlab: unknown table: table-teachrs; did you mean table-teachers?']); // prettier-ignore
  const unasked = tripletlab(['experiments', 'run', 'teachers', `--out=${to}/none`]);
  t.is(unasked.status, 1);
  t.regex(unasked.stderr, /^tripletlab: missing --profile; one of paper, small, laptop, smoke: .* paper is table-teachers as the paper has it\n$/); // prettier-ignore
  t.false(existsSync(`${to}/none`));
  // what is done already is told before anything starts
  const again = tripletlab(args('run', whole));
  t.regex(again.stderr, /^table-[\w-]+, profile smoke: 12 of 12 jobs done, done$/m);
});
