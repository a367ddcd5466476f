import test from 'ava';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration, loadTrainingConfiguration } from '../../../src/configuration/load.js';
import { syntheticDataset } from '../../../src/datasets/index.js';
import { UsageError } from '../../../src/errors.js';
import { align, alignmentRows, embedRun, type Alignment } from '../../../src/evaluation/index.js';
import { encodeNpz, readNpz } from '../../../src/formats/npz.js';
import { fractionCorrectOfTriplets } from '../../../src/metrics/index.js';
import { train } from '../../../src/training/index.js';
import { temporaryFolder, tripletlab } from '../../command-line.js';

const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

const FILE = 'configurations/synthetic/synthetic_e.yaml';
const overrides = ['dataset.num_items=60', 'dataset.num_triplets=4000'];
const configuration = loadConfiguration(FILE, overrides);
const dataset = syntheticDataset(configuration.dataset);
const { factors, drawn, directed } = dataset;

const textOf = (rows: Float32Array, size: number): string =>
  Array.from({ length: rows.length / size }, (_, i) => `${rows.slice(i * size, (i + 1) * size).join(' ')}\n`).join('');

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test('the command: all triplets as they were drawn, a probe, similarities, the saved transform', (t) => {
  const text = write('factors.txt', textOf(factors, 4));
  const distance = (i: number, j: number): number =>
    Math.hypot(...Array.from({ length: 4 }, (_, k) => factors[4 * i + k] - factors[4 * j + k]));
  const matrix = Array.from({ length: 60 }, (_, i) => Array.from({ length: 60 }, (_, j) => distance(i, j)).join(','));
  const distances = write('distances.csv', matrix.join('\n'));
  const saved = join(folder, 'probe.npz');
  const { status, stdout, stderr } = tripletlab([
    'align',
    FILE,
    text,
    ...overrides,
    ...['--probe', 'euclidean', '--similarities', distances, '--save', saved, '--format', 'json'],
  ]);
  t.is(status, 0, stderr);
  const [found, ...others] = JSON.parse(stdout) as Alignment[];
  t.deepEqual(others, []);
  t.like(found, { dataset: 'SyntheticTInd', network: text, size: 4, directed: false, triplets: 4000 });
  for (const name of ['euclidean', 'cosine', 'dot'] as const)
    t.is(found.zeroShot[name].fct, fractionCorrectOfTriplets(factors, 4, drawn, directed, name));
  t.is(found.rsa!.ceiling, null);
  t.true(found.rsa!.correlation.euclidean > 1 - 1e-6 && found.rsa!.correlation.dot < 0.9);
  t.is(found.probe!.folds.length, 3);
  const arrays = readNpz(saved);
  const [transform, bias] = ['transform', 'bias'].map((name) => arrays.get(name)!);
  t.deepEqual([transform.shape, bias.shape], [[4, 4], [4]]); // prettier-ignore
  const rows = factors.map((_, at) => {
    const [i, l] = [Math.floor(at / 4), at % 4];
    return [0, 1, 2, 3].reduce((sum, k) => sum + factors[4 * i + k] * Number(transform.data[4 * k + l]), Number(bias.data[l])); // prettier-ignore
  });
  // answers came from the factors: their transform has to keep nearly all of it
  t.true(fractionCorrectOfTriplets(rows, 4, drawn, directed) > 0.99 * found.zeroShot.euclidean.fct);
});

test('teachers of a file each have a row; a table for people says what its numbers are', async (t) => {
  const two = new Float32Array(60 * 2 * 4);
  for (let i = 0; i < 60; i++)
    for (let k = 0; k < 4; k++) [two[i * 8 + k], two[i * 8 + 4 + k]] = [factors[4 * i + k], factors[4 * (59 - i) + k]];
  const file = write('two.npz', encodeNpz({ embeddings: { dtype: 'float32', shape: [60, 2, 4], data: two } }));
  const found = await align(configuration, [file], { probe: 'none' });
  t.deepEqual(found.map(({ network }) => network), [`${file} teacher 1`, `${file} teacher 2`]); // prettier-ignore
  t.is(found[0].zeroShot.dot.fct, fractionCorrectOfTriplets(factors, 4, drawn, directed, 'dot'));
  t.true(found[1].zeroShot.euclidean.fct < 0.5 && found[1].probe === null && found[1].rsa === null);
  t.deepEqual(Object.keys(alignmentRows(found)[0]), ['dataset', 'network', 'size', 'triplets', 'euclidean', 'cosine', 'dot']); // prettier-ignore
  const { stdout } = tripletlab(['align', FILE, `embeddings=${file}`, ...overrides, '--probe', 'none']);
  t.is(stdout.split('\n').filter((line) => line.startsWith('SyntheticTInd ')).length, 2);
  t.regex(stdout, /FCT over all labelled triplets, by Euclidean distance, cosine and dot product\./);
});

test('the folder of a run, wherever it lies, and its model URI', async (t) => {
  const trained = loadTrainingConfiguration('configurations/synthetic/synthetic_p_ste.yaml', [
    ...overrides,
    'dataset.batch_size=300',
    'model.embedding_size=8',
    'optimization.num_training_epochs=2',
    'run.output_directory_name=runs',
  ]);
  const [record] = await train(trained, { base: folder });
  const place = join(folder, 'runs', record.name);
  const asked = loadConfiguration('configurations/synthetic/synthetic_p_ste.yaml', overrides);
  const found = await align(asked, [place, `Psycho,embedding_size:8/${place}/checkpoint-best.pth`], { probe: 'none' });
  const rows = await embedRun(record, dataset, { base: folder });
  const expected = fractionCorrectOfTriplets(rows.data, 8, syntheticDataset(asked.dataset).drawn, false);
  t.deepEqual(found.map(({ zeroShot }) => zeroShot.euclidean.fct), [expected, expected]); // prettier-ignore
});

test('several data sets: a file goes with those that it has rows for', async (t) => {
  const smaller = loadConfiguration(FILE, ['dataset.num_items=40', 'dataset.num_triplets=4000']);
  const [large, small] = [write('60.txt', textOf(factors, 4)), write('40.txt', textOf(factors.slice(0, 160), 4))];
  const found = await align([configuration, smaller], [large, small], { probe: 'none' });
  t.deepEqual(found.map(({ network }) => network), [large, small]); // prettier-ignore
  t.is(
    found[1].zeroShot.cosine.fct,
    fractionCorrectOfTriplets(factors.slice(0, 160), 4, syntheticDataset(smaller.dataset).drawn, false, 'cosine'),
  );
});

test('what does not fit is refused in one line', async (t) => {
  const file = write('good.txt', textOf(factors, 4));
  const fails = (sources: string[], options: Parameters<typeof align>[2], message: RegExp) =>
    t.throwsAsync(align(configuration, sources, options), { instanceOf: UsageError, message });
  await fails([], {}, /^missing embeddings; /);
  await fails([write('few.txt', '1 2\n3 4\n')], {}, /^invalid embeddings: .*few\.txt has 2 rows; SyntheticTInd has 60 items, /); // prettier-ignore
  await fails(['Vit'], {}, /^unknown embeddings: Vit; give a file /);
  await fails([join(folder, 'none.npy')], {}, /^missing file: /);
  await fails([file], { folds: 2 }, /^invalid folds: 2; /);
  await fails([file, file], { save: join(folder, 'x.npz') }, /^cannot save .*; give one of each$/);
  await fails([file], { similarities: [write('3.csv', '1,0,0\n0,1,0\n0,0,1')] }, /^invalid similarities: .*3\.csv compares 3 things, /); // prettier-ignore
  const { status, stderr } = tripletlab(['align', file]);
  t.is(status, 1);
  t.regex(stderr, /^tripletlab: missing configuration; give that of a data set/);
});
