import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { ExecutionContext } from 'ava';
import sharp from 'sharp';
import { loadTrainingConfiguration, type TrainingConfiguration } from '../../src/configuration/index.js';
import { encodeNpz } from '../../src/formats/npz.js';
import { train, type RunRecord, type TrainOptions } from '../../src/training/index.js';
import { temporaryFolder } from '../command-line.js';
import { refusalOf, writeTree, type Tree } from '../datasets/folders.js';

const ITEMS = 16;
const names = Array.from({ length: ITEMS }, (_, i) => `p${String(i).padStart(2, '0')}`);

/** Every anchor with two others, the nearer in number first; with `turned`, the farther. */
function triplets(turned = false, separator = ','): string {
  const rows: string[] = [];
  for (let a = 0; a < ITEMS; a++)
    for (let b = 0; b < ITEMS; b++)
      for (let c = 0; c < ITEMS; c++)
        if (a !== b && a !== c && Math.abs(a - b) < Math.abs(a - c))
          rows.push((turned ? [a, c, b] : [a, b, c]).map((item) => names[item]).join(separator));
  return rows.join('\r\n');
}

const blank: Tree = Object.fromEntries(names.map((name) => [`images/${name}.jpg`, '-']));

function placeOf(t: ExecutionContext): string {
  const base = temporaryFolder();
  t.teardown(() => rmSync(base, { recursive: true, force: true }));
  return base;
}

const teacher = (root: string, epochs = 3): TrainingConfiguration =>
  loadTrainingConfiguration('configurations/custom/custom_p_ste.yaml', [
    `dataset.raw_data_directory_name=${root}`,
    'model.embedding_size=4',
    'dataset.batch_size=60',
    `optimization.num_training_epochs=${epochs}`,
    'use_gpu=false',
    'engine=wasm',
  ]);

/** Trains, and what was said. */
async function trained(configuration: TrainingConfiguration, options: TrainOptions) {
  const lines: string[] = [];
  const [record] = await train(configuration, { ...options, log: (line) => lines.push(line) });
  return { record, said: lines.join('\n') };
}

const OTHER_DATA = /holds a run on other data \(labels: [\da-f]{16} there, [\da-f]{16} here/;

test('a finished run is not taken for one on other triplets, and is for one on the same ones elsewhere', async (t) => {
  const base = placeOf(t);
  const [food, shoes] = [join(base, 'food'), join(base, 'shoes')];
  writeTree(food, { ...blank, 'triplets.csv': triplets() });
  writeTree(shoes, { ...blank, 'triplets.csv': triplets(true) });
  const first = await trained(teacher(food), { base });
  const message = await refusalOf(t, train(teacher(shoes), { base }));
  t.regex(message, OTHER_DATA);
  t.true(message.includes(`${food} there, ${shoes} here`), message);
  t.regex(message, /choose another run.id, give it the data it began with, or remove the folder$/);

  const moved = join(base, 'moved');
  renameSync(food, moved);
  writeFileSync(join(moved, 'triplets.csv'), `\ufeff${triplets(false, ';')}`); // written in another way
  const second = await trained(teacher(moved), { base });
  t.regex(second.said, /finished already/);
  t.deepEqual(second.record, first.record);

  writeFileSync(join(moved, 'triplets.csv'), triplets(true)); // edited in place
  t.regex(await refusalOf(t, train(teacher(moved), { base })), OTHER_DATA);

  const gone = teacher(moved);
  rmSync(moved, { recursive: true });
  t.regex(
    (await trained(gone, { base })).said,
    /cannot check that it was trained on these data; they are not here \(missing/,
  );
  writeTree(food, { ...blank, 'triplets.csv': triplets() }); // where the run found them
  t.regex(await refusalOf(t, train(gone, { base })), /^missing data: there is no folder /);
});

test('a run that was interrupted goes on with its own data alone', async (t) => {
  const base = placeOf(t);
  const [food, shoes] = [join(base, 'food'), join(base, 'shoes')];
  writeTree(food, { ...blank, 'triplets.csv': triplets() });
  writeTree(shoes, { ...blank, 'triplets.csv': triplets(true) });
  const stop = new AbortController();
  const onUpdate = (): void => stop.abort();
  await t.throwsAsync(train(teacher(food, 50), { base, signal: stop.signal, onUpdate }), { message: /interrupted/ });
  t.regex(await refusalOf(t, train(teacher(shoes, 50), { base })), OTHER_DATA);
  const { record } = await trained(teacher(food, 50), { base });
  t.is(record.status, 'finished');
  const { record: whole } = await trained(teacher(food, 50), { base: join(base, 'whole') });
  t.deepEqual(record.epochs.map(({ metric }) => metric), whole.epochs.map(({ metric }) => metric)); // prettier-ignore
  t.deepEqual(record.inputs, whole.inputs);
});

test('of a record without digests it is said that its data cannot be compared', async (t) => {
  const base = placeOf(t);
  const food = join(base, 'food');
  writeTree(food, { ...blank, 'triplets.csv': triplets() });
  await train(teacher(food), { base });
  const file = join(base, 'modeling', 'runs', 'run-1111', 'run.json');
  const { inputs, ...earlier } = JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
  t.regex(inputs!.labels!, /^[\da-f]{16}$/);
  writeFileSync(file, JSON.stringify(earlier));
  const { said } = await trained(teacher(food), { base });
  t.regex(
    said,
    /finished already[^]*cannot check that it was trained on these data; its record is of an earlier version, which did not keep/,
  );
});

/** Small pictures of one colour each, `shade` added. */
async function colours(shade: number): Promise<Tree> {
  const tree: Tree = {};
  for (const [i, name] of names.entries()) {
    const create = { width: 24, height: 24, channels: 3, background: { r: 15 * i, g: shade, b: 0 } } as const;
    tree[`images/${name}.jpg`] = await sharp({ create }).jpeg().toBuffer();
  }
  return tree;
}

function writeEmbeddings(folder: string, shift: number): void {
  const data = Float32Array.from({ length: 2 * ITEMS }, (_, k) => (k % 2 === 0 ? k : shift));
  const embeddings = { dtype: 'float32', shape: [ITEMS, 1, 2], data } as const;
  writeTree(folder, { 'embeddings_teachers.npz': encodeNpz({ embeddings }) });
}

test('a student is not taken for one of other pictures or other teachers', async (t) => {
  const base = placeOf(t);
  const root = join(base, 'food');
  writeTree(root, { ...(await colours(0)), 'triplets.csv': triplets() });
  writeEmbeddings(join(base, 'teachers'), 0);
  const configuration = loadTrainingConfiguration('configurations/custom/custom_se_rkd.yaml', [
    `dataset.raw_data_directory_name=${root}`,
    `dataset.data_directory_name=${join(base, 'teachers')}`,
    'dataset.source_embeddings_id=teachers',
    'dataset.batch_size=6',
    'preprocessing={name: SmallImagePreprocessing, image_size: 24}',
    'model={name: SmallResNet, embedding_size: 4, loss_type: rkd, metric_mode: fraction_same_triplet_relation_thresholded/max}', // prettier-ignore
    'optimization.num_training_epochs=1',
    'use_gpu=false',
    'engine=wasm',
  ]);
  const { record } = await trained(configuration, { base });
  t.deepEqual(Object.keys(record.inputs!).sort(), ['labels', 'pictures', 'source_embeddings']);
  writeEmbeddings(join(base, 'teachers'), 1);
  t.regex(await refusalOf(t, train(configuration, { base })), /other data \(source embeddings: /);
  writeEmbeddings(join(base, 'teachers'), 0);
  t.regex((await trained(configuration, { base })).said, /finished already/);
  writeTree(root, await colours(9));
  t.regex(await refusalOf(t, train(configuration, { base })), /other data \(pictures: /);
});
