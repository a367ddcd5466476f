import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import {
  collectTable,
  formatStatus,
  keepTable,
  loadTable,
  runTable,
  tableStatus,
  type ResolvedTable,
} from '../../src/experiments/index.js';
import { folderOf, refusal } from '../datasets/folders.js';

const load = (folder: string, kept: string | false): ResolvedTable =>
  loadTable('distillation-resnet50', { profile: 'smoke', rows: ['rkd'], folder, kept });

const trainedIn = mkdtempSync(join(tmpdir(), 'tripletlab-kept-'));
test.before(() => runTable(load(trainedIn, false)));
test.after.always(() => {
  rmSync(trainedIn, { recursive: true, force: true });
});

const valuesOf = (resolved: ResolvedTable): number[] =>
  collectTable(resolved).rows.flatMap(({ runs }) => runs.map(({ value }) => value));

test.serial('what is kept counts as done elsewhere, and nothing of it is done again', async (t) => {
  const kept = folderOf(t);
  const trained = load(trainedIn, kept);
  t.is(keepTable(trained).added, trained.jobs.length);
  t.is(keepTable(trained).added, 0);
  const files = readdirSync(kept, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  t.true(files.length > 0 && files.every(({ name }) => name.endsWith('.json')));
  for (const { name, parentPath } of files) {
    const text = readFileSync(join(parentPath, name), 'utf8');
    t.false(text.includes(trainedIn), name);
    t.false(text.includes('"host"'), name);
  }
  const elsewhere = load(folderOf(t), kept);
  const status = tableStatus(elsewhere);
  t.is(status.kept, elsewhere.jobs.length);
  t.regex(formatStatus(status), /(\d+) of \1 jobs done \(\1 by kept records\), done/);
  const begun: string[] = [];
  const { done, all } = await runTable(elsewhere, { onJob: ({ label }) => void begun.push(label) });
  t.deepEqual([done, begun], [all, []]);
  t.deepEqual(collectTable(elsewhere), collectTable(trained));
  t.true(tableStatus(load(folderOf(t), false)).jobs.every(({ state }) => state === 'waiting'));
});

test.serial('a kept job whose files are needed is done again; the others stay', async (t) => {
  const kept = folderOf(t);
  const trained = load(trainedIn, kept);
  keepTable(trained);
  const lost = trained.rows[0].networks[0].evaluation;
  rmSync(join(kept, 'results', `${lost.key}.json`));
  // the chain from the lost evaluation back to the teachers
  const wanted = new Set([lost.key]);
  for (const job of [...trained.jobs].reverse()) if (wanted.has(job.key)) for (const key of job.needs) wanted.add(key);
  t.is(wanted.size, 4);
  const begun: string[] = [];
  const elsewhere = load(folderOf(t), kept);
  await runTable(elsewhere, { onJob: ({ key }) => void begun.push(key) });
  t.deepEqual(begun.sort(), [...wanted].sort());
  t.deepEqual(valuesOf(elsewhere), valuesOf(trained));
});

test.serial('what was kept of other data is refused, with the way round it', async (t) => {
  const kept = folderOf(t);
  const trained = load(trainedIn, kept);
  keepTable(trained);
  const file = join(kept, 'results', `${trained.rows[0].networks[0].evaluation.key}.json`);
  const result = JSON.parse(readFileSync(file, 'utf8')) as { inputs: { labels: string } };
  result.inputs.labels = '0123456789abcdef';
  writeFileSync(file, JSON.stringify(result));
  const error = await t.throwsAsync(runTable(load(folderOf(t), kept)));
  t.regex(error!.message, /done on other data \(labels: 0123456789abcdef there, [0-9a-f]{16} here\); .*--no-kept/);
  t.regex(
    refusal(t, () => keepTable(load(trainedIn, false))),
    /^missing --kept/,
  );
});
