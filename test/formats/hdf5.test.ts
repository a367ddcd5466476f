import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import fc from 'fast-check';
import { builtFile } from '../../src/assets.js';
import { UsageError } from '../../src/errors.js';
import { readHdf5 } from '../../src/formats/hdf5/hdf5.js';
import { checkHdf5 } from '../../src/verification/hdf5.js';
import { folderOf, refusal } from '../datasets/folders.js';
import { hdf5, linkedHdf5 } from './hdf5-builder.js';

const golden = 'test/golden/formats';

test("psiz's files: numbers, texts of fixed and of any length, booleans", (t) => {
  const observations = readHdf5(`${golden}/obs.hdf5`, ['stimulus_set', 'n_select', 'is_ranked', 'trial_type']);
  const set = observations.get('stimulus_set');
  t.like(set, { kind: 'numeric', dtype: 'int32', shape: [5, 9] });
  t.is(set?.kind === 'numeric' && set.data.length, 45);
  t.deepEqual(observations.get('trial_type'), { kind: 'text', shape: [], values: ['RankObservations'] });
  t.deepEqual(observations.get('is_ranked'), {
    kind: 'numeric',
    dtype: 'int8',
    shape: [5],
    data: Int8Array.of(1, 1, 1, 1, 1),
  });
  const catalog = readHdf5(`${golden}/catalog.hdf5`, ['stimulus_id', 'stimulus_filepath']);
  const ids = BigInt64Array.from({ length: 40 }, (_, i) => BigInt(i));
  t.deepEqual(catalog.get('stimulus_id'), { kind: 'numeric', dtype: 'int64', shape: [40], data: ids });
  const files = catalog.get('stimulus_filepath');
  t.true(files?.kind === 'text' && files.values.every((file) => /^n\d{4}\/ILSVRC2012_val_\d{8}\.JPEG$/.test(file)));
});

test('trials and catalog mean the triplets of the reference vectors', (t) => {
  t.deepEqual(checkHdf5(golden), [
    { name: 'catalog.hdf5', status: 'passed' },
    { name: 'obs.hdf5', status: 'passed' },
  ]);
});

test('the check of the vectors fails where they differ', (t) => {
  const files = ['catalog.hdf5', 'obs.hdf5'].map((name) => [name, readFileSync(`${golden}/${name}`)] as const);
  const { triplets } = JSON.parse(readFileSync(`${golden}/ihsj.json`, 'utf8')) as { triplets: number[][] };
  triplets[7][2]++;
  const root = folderOf(t, { ...Object.fromEntries(files), 'ihsj.json': JSON.stringify({ triplets }) });
  t.deepEqual(
    checkHdf5(root).map(({ status }) => status),
    ['failed', 'failed'],
  );
});

test('what was written is read; names that are not there are not in the answer', async (t) => {
  const file = await hdf5({
    a: { data: Float64Array.of(0.5, -1e300, Infinity, 4, 5, 6), shape: [2, 3] },
    b: { data: BigInt64Array.of(2n ** 60n), shape: [1] },
    c: { texts: ['one', 'größer', ''] },
    d: { data: Int32Array.of(), shape: [0] },
  });
  const path = `${folderOf(t, { 'x.hdf5': file })}/x.hdf5`;
  const read = readHdf5(path, ['a', 'b', 'c', 'd', 'e', '']);
  t.deepEqual([...read.keys()], ['a', 'b', 'c', 'd']);
  t.deepEqual(read.get('a'), {
    kind: 'numeric',
    dtype: 'float64',
    shape: [2, 3],
    data: Float64Array.of(0.5, -1e300, Infinity, 4, 5, 6),
  });
  t.deepEqual(read.get('b'), { kind: 'numeric', dtype: 'int64', shape: [1], data: BigInt64Array.of(2n ** 60n) });
  t.deepEqual(read.get('c'), { kind: 'text', shape: [3], values: ['one', 'größer', ''] });
});

test('arrays of any shape come back', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), async (shape) => {
      const data = Int32Array.from({ length: shape.reduce((x, y) => x * y) }, (_, i) => i * 7919 - 5000);
      const path = `${folderOf(t, { 'x.hdf5': await hdf5({ x: { data, shape } }) })}/x.hdf5`;
      t.deepEqual(readHdf5(path, ['x']).get('x'), { kind: 'numeric', dtype: 'int32', shape, data });
    }),
    { numRuns: 8 },
  );
});

test('what is no HDF5 file, or a damaged one, is named in one line', (t) => {
  const bytes = readFileSync(`${golden}/obs.hdf5`);
  const spoilt = Buffer.from(bytes);
  for (let i = 600; i < 3000; i += 3) spoilt[i] ^= 0x5a;
  const root = folderOf(t, {
    'text.hdf5': 'not at all',
    'empty.hdf5': '',
    'cut.hdf5': bytes.subarray(0, 4000),
    'spoilt.hdf5': spoilt,
  });
  const messageOf = (name: string) => refusal(t, () => readHdf5(`${root}/${name}.hdf5`, ['stimulus_set']));
  t.is(messageOf('text'), `invalid ${root}/text.hdf5: not an HDF5 file; fetch or make it again`);
  t.is(messageOf('empty'), `invalid ${root}/empty.hdf5: not an HDF5 file; fetch or make it again`);
  t.regex(messageOf('cut'), /^invalid .*cut\.hdf5: truncated file: .*; fetch or make it again$/);
  t.regex(messageOf('spoilt'), /^invalid .*spoilt\.hdf5: .*; fetch or make it again$/);
  t.regex(messageOf('missing'), /^missing file: .*missing\.hdf5; /);
});

test('no other file is opened: what is linked is not there', async (t) => {
  const root = folderOf(t, { 'other.hdf5': await hdf5({ x: { data: Int32Array.of(1, 2), shape: [2] } }) });
  for (const path of [`${root}/other.hdf5`, 'other.hdf5']) {
    writeFileSync(`${root}/links.hdf5`, await linkedHdf5(path));
    const read = readHdf5(`${root}/links.hdf5`, ['x', 'soft']);
    t.deepEqual(
      [...read.values()].map(({ kind }) => kind),
      ['other', 'other'],
    );
  }
});

test('a process whose work has no end is killed by its processor time', (t) => {
  const { href } = pathToFileURL(builtFile('start-thread.js'));
  const source = `import { startThread } from '${href}';
startThread('formats/hdf5/hdf5-time-limit.js', 0.1);
for (;;);`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', source], { timeout: 120_000 });
  t.is(signal, 'SIGKILL');
});

test('files with any bytes changed are read or refused', (t) => {
  const bytes = readFileSync(`${golden}/obs.hdf5`);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 8, max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 40,
      }),
      (changes) => {
        const changed = Buffer.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        const path = `${folderOf(t, { 'x.hdf5': changed })}/x.hdf5`;
        try {
          t.true(readHdf5(path, ['stimulus_set', 'n_select', 'trial_type']).size <= 3);
        } catch (error) {
          t.true(error instanceof UsageError, String(error));
          t.notRegex((error as Error).message, /\n/);
        }
      },
    ),
    { numRuns: 15 },
  );
});
