import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { verify } from '../../src/verification/index.js';
import { temporaryFolder, tripletlab } from '../command-line.js';

const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true });
});

test('the shipped vectors pass on the embedded engine', (t) => {
  const { status, stdout } = tripletlab(['verify', '--engine', 'wasm', '--only', 'losses,metrics,optimizers,splits']);
  t.is(status, 0, stdout);
  t.regex(stdout, /^losses\.json: 57 passed, 0 failed/m);
  t.regex(stdout, /^splits\.json: 16 passed, 0 failed$/m);
  t.regex(stdout, /^\d+ passed, 0 failed\n$/m);
});

test('an altered value or gradient fails, and the case is named', (t) => {
  const golden = join(folder, 'altered');
  cpSync('test/golden', golden, { recursive: true });
  const file = join(golden, 'losses.json');
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as { cases: { value: number; gradient: number[][] }[] };
  vectors.cases[0].value += 1e-3;
  vectors.cases[1].gradient[0][0] += 1e-3;
  writeFileSync(file, JSON.stringify(vectors));
  const { status, stdout } = tripletlab(['verify', '--golden', golden, '--only', 'losses']);
  t.is(status, 1);
  t.regex(stdout, /double_contrastive \(12 x 5, undirected\): value is .*, expected/);
  t.regex(stdout, /gradient is off by/);
  t.regex(stdout, /^55 passed, 2 failed$/m);
});

test('nothing that could run is exit code 2, and what is not there is said', (t) => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  writeFileSync(join(empty, 'metrics.json'), JSON.stringify([{ metric: 'unheard of', embeddings: [] }]));
  const { status, stdout } = tripletlab(['verify', '--golden', empty]);
  t.is(status, 2);
  t.regex(stdout, /^metrics\.json: 0 passed, 0 failed, 1 skipped \(metric not in this version: /m);
  t.regex(tripletlab(['verify', '--golden', join(folder, 'none')]).stderr, /^tripletlab: missing folder: /m);
  t.regex(tripletlab(['verify', '--only', 'loses']).stderr, /unknown reference file: loses; did you mean losses\?/);
  writeFileSync(join(empty, 'splits.json'), '[{');
  const malformed = tripletlab(['verify', '--golden', empty, '--only', 'splits']);
  t.is(malformed.status, 1);
  t.regex(malformed.stdout, /not in the expected form/);
});

test('a file that would take hours is skipped with its reason, unless it is asked for', async (t) => {
  const vectors = join(folder, 'few');
  mkdirSync(vectors);
  cpSync('test/golden/splits.json', join(vectors, 'splits.json'));
  const leftOut = { splits: 'hours', losses: 'not there either way' };
  const [report, ...others] = await verify(vectors, [], leftOut);
  t.deepEqual([report.file, others.length], ['splits.json', 0]);
  t.deepEqual(report.outcomes, [{ name: 'splits', status: 'skipped', detail: 'hours' }]);
  const [asked] = await verify(vectors, ['splits'], leftOut);
  t.is(asked.outcomes.filter(({ status }) => status === 'passed').length, 16);
});
