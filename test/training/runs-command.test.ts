import test from 'ava';
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describeRun } from '../../src/commands/runs/show.js';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import { findRun, nextRunId, readRunRecord, reserveRunIds, runFolders } from '../../src/training/index.js';
import { temporaryFolder, tripletlab } from '../command-line.js';

const cwd = temporaryFolder();
const config = 'configurations/synthetic/synthetic_p_ste.yaml';
const data = ['dataset.num_items=30', 'dataset.num_triplets=900', 'dataset.batch_size=60'];
const run = (...args: string[]) => tripletlab(args, { cwd });

test.before('two runs are trained, each under the next free number', (t) => {
  for (const more of [['model.tau=0.5'], ['model.tau=0.25', 'optimization.num_training_epochs=3']]) {
    const { status, stderr } = run('train', config, ...data, 'optimization.num_training_epochs=2', ...more, 'run.id=next'); // prettier-ignore
    t.is(status, 0, stderr);
  }
  t.deepEqual(readdirSync(join(cwd, 'modeling/runs')).sort(), ['run-0001', 'run-0002']);
});
test.after.always(() => {
  rmSync(cwd, { recursive: true });
});

test('run.id=next is one above the highest number', (t) => {
  const folder = temporaryFolder();
  t.is(nextRunId(join(folder, 'none')), 1);
  for (const name of ['run-0007', 'run-12345', 'run-x', 'notes']) mkdirSync(join(folder, name));
  t.is(nextRunId(folder), 12346);
  rmSync(folder, { recursive: true });
});

test('processes that reserve numbers at the same time get different ones', async (t) => {
  const folder = join(temporaryFolder(), 'runs');
  const reserve = `
    const { reserveRunIds } = await import(${JSON.stringify(pathToFileURL(resolve('dist/training/index.js')).href)});
    for (let i = 0; i < 25; i++) console.log(reserveRunIds(process.argv[1], 2).first);`;
  const processes = Array.from({ length: 4 }, () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', reserve, folder]),
  );
  const firsts = (await Promise.all(processes)).flatMap(({ stdout }) => stdout.trim().split('\n').map(Number));
  const numbers = firsts.flatMap((first) => [first, first + 1]);
  t.is(new Set(numbers).size, 200);
  const { release } = reserveRunIds(folder, 3);
  t.is(readdirSync(folder).length, 203);
  release();
  t.is(readdirSync(folder).length, 200);
  rmSync(folder, { recursive: true });
});

test('a training that is refused leaves no folder of the number that it had', (t) => {
  const data = `dataset.raw_data_directory_name=${cwd}`; // has none of its files
  const { status } = run('train', 'configurations/things/things_p_ste.yaml', data, 'run.id=next', 'run.output_directory_name=refused'); // prettier-ignore
  t.is(status, 1);
  t.deepEqual(readdirSync(join(cwd, 'refused')), []);
});

test('runs list has a row for each run', (t) => {
  const { status, stdout } = run('runs', 'list');
  t.is(status, 0);
  const lines = stdout.trimEnd().split('\n');
  t.is(lines[0], 'fraction of correct triplets (FCT)');
  t.is(lines[1], 'modeling/runs:');
  t.deepEqual(lines[2].split(/ {2,}/), ['run', 'data', 'network', 'loss', 'epochs', 'best', 'when', 'state']);
  const rows = lines.slice(3).map((line) => line.split(/ {2,}/));
  for (const [i, epochs] of ['2 of 2', '3 of 3'].entries()) {
    const { best } = readRunRecord(join(cwd, `modeling/runs/run-000${i + 1}`));
    const cells = rows[i];
    t.deepEqual(cells.slice(0, 6), [`${i + 1}`, 'SyntheticTInd', 'Psycho', 'ste', epochs, `${best!.value.toFixed(4)} FCT`]); // prettier-ignore
    t.regex(cells[6], /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
    t.is(cells[7], 'finished');
  }
  const none = run('runs', 'list', '--in', 'nowhere');
  t.deepEqual([none.status, none.stderr], [1, 'tripletlab: no runs below nowhere; train one, or name another folder by --in\n']); // prettier-ignore
});

test('a record that is damaged has a row, too', (t) => {
  const folder = join(cwd, 'damaged/run-0009');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run.json'), '{');
  const { status, stdout } = run('runs', 'list', '--in', 'damaged');
  t.is(status, 0);
  t.regex(stdout, /damaged\/run-0009 .*run\.json/);
});

test('runs show is a page of the record', (t) => {
  const { stdout } = run('runs', 'show', '1');
  const record = readRunRecord(join(cwd, 'modeling/runs/run-0001'));
  t.regex(stdout, /^run +run-0001 in modeling\/runs\/run-0001$/m);
  t.regex(stdout, new RegExp(`^best +${record.best!.value.toFixed(4)} at epoch ${record.best!.epoch}, fraction of correct triplets \\(FCT\\)$`, 'm')); // prettier-ignore
  t.regex(stdout, /^model\.tau +0\.5$/m);
  for (const { epoch, metric } of record.epochs) t.regex(stdout, new RegExp(`^${epoch} .* ${metric.toFixed(6)}`, 'm'));
  // a run whose process is gone is not running, and losses that are no numbers are shown as such
  const gone = { ...record, status: 'running' as const, epochs: [{ ...record.epochs[0], training_loss: null as never }], best: null }; // prettier-ignore
  const page = describeRun(gone, join(cwd, 'modeling/runs/run-0001'));
  t.regex(page, /^state +killed$/m);
  t.regex(page, /^1 +- +0?\d*\.\d+/m);
});

test('runs diff has the settings and results that differ, and no others', (t) => {
  const { stdout } = run('runs', 'diff', '1', 'modeling/runs/run-0002');
  const keys = stdout.split('\n').slice(1).map((line) => line.split(/ {2,}/)[0]); // prettier-ignore
  const settings = keys.slice(0, keys.indexOf(''));
  t.deepEqual(settings.sort(), ['model.tau', 'optimization.num_training_epochs', 'run.id']);
  t.regex(stdout, /^model\.tau +0\.5 +0\.25$/m);
  t.regex(stdout, /^epochs +2 +3$/m);
  t.notRegex(stdout, /labels|dataset\.|^engine/m);
  t.is(run('runs', 'diff', '1', '1').stdout, 'no difference in settings and results\n');
});

test('runs export writes record, configuration and weights into one folder, once', (t) => {
  const { status, stderr } = run('runs', 'export', '1', '--out', 'given');
  t.is(status, 0, stderr);
  const files = readdirSync(join(cwd, 'given')).sort();
  t.deepEqual(files, ['configuration.yaml', 'run-0001.safetensors', 'run.json']);
  t.deepEqual(readFileSync(join(cwd, 'given/run.json')), readFileSync(join(cwd, 'modeling/runs/run-0001/run.json')));
  const [given, own] = [join(cwd, 'given/run-0001.safetensors'), join(cwd, 'modeling/runs/run-0001/checkpoint-best.safetensors')]; // prettier-ignore
  const tensorsOf = (file: string) => Object.values(decodeSafetensors(readFileSync(file), file).tensors).map(({ data: values }) => values); // prettier-ignore
  t.deepEqual(tensorsOf(given), tensorsOf(own));
  t.regex(run('runs', 'export', '1', '--out', 'given').stderr, /^tripletlab: folder is not empty: .*given; /);
});

test('a run stands for its model, by number and by folder', (t) => {
  const asked = (uri: string) => run('evaluate', config, ...data, 'subset_name=validation', `model_uri=${uri}`);
  const whole = asked('Psycho,embedding_size:32/modeling/runs/run-0001/checkpoint-best.pth');
  t.regex(whole.stdout, /^FCT: 0\.\d{4} /);
  for (const uri of ['1', 'run-0001', 'modeling/runs/run-0001']) t.is(asked(uri).stdout, whole.stdout, uri);
  t.regex(asked('3').stderr, /^tripletlab: unknown run: 3; there is no run-0003 below modeling, see tripletlab runs list\n$/); // prettier-ignore
  t.regex(asked('modeling/runs/run-0009').stderr, /^tripletlab: unknown run: .*; did you mean modeling\/runs\/run-000\d\?\n$/); // prettier-ignore
  const save = (uris: string, id: string) =>
    run('save-embeddings', config, ...data, `model_uris=${uris}`, 'output_directory_name=out', `new_source_embeddings_id=${id}`); // prettier-ignore
  t.regex(save('1..2', 'both').stdout, /embeddings_both\.npz: 30 items, 2 models, size 32/);
});

test('a number that two runs have is refused with both', (t) => {
  const root = temporaryFolder();
  for (const place of ['a', 'b']) {
    mkdirSync(join(root, place, 'run-0004'), { recursive: true });
    writeFileSync(join(root, place, 'run-0004/run.json'), '{}');
  }
  t.is(runFolders(root).length, 2);
  t.is(findRun(join(root, 'a/run-0004'), root), join(root, 'a/run-0004'));
  t.throws(() => findRun('4', root), { message: /^ambiguous run: 4; there are 2, as .*a\/run-0004 and .*b\/run-0004: give the folder$/ }); // prettier-ignore
  rmSync(root, { recursive: true });
});
