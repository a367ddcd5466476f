import { join } from 'node:path';
import test from 'ava';
import type { DatasetConfiguration } from '../../src/configuration/index.js';
import { loadSourceEmbeddings, makeClassDataset, makeTripletDataset } from '../../src/datasets/index.js';
import type { NdArray } from '../../src/formats/index.js';
import { encodeNpz } from '../../src/formats/index.js';
import { folderOf, refusal, type Tree } from './folders.js';

const synthetic: DatasetConfiguration = {
  name: 'SyntheticSE',
  version: 'source_embedding',
  raw_data_directory_name: null,
  data_directory_name: null,
  source_embeddings_id: 'pt_ste5',
  num_items: 30,
  num_triplets: 3000,
  batch_size: 10,
};
const dataset = makeTripletDataset(synthetic);

/** Element e of teacher t of row r is 100 r + 10 t + e. */
const embeddings = (rows: number, teachers: number, size: number): NdArray => ({
  dtype: 'float32',
  shape: [rows, teachers, size],
  data: Float32Array.from(
    { length: rows * teachers * size },
    (_, i) => 100 * Math.floor(i / (teachers * size)) + 10 * (Math.floor(i / size) % teachers) + (i % size),
  ),
});
const npz = (array: NdArray, name = 'embeddings') => encodeNpz({ [name]: array });

test('rows of items, of one teacher and of many', (t) => {
  for (const [teachers, size] of [
    [1, 4],
    [5, 3],
  ]) {
    const folder = folderOf(t, { 'embeddings_pt_ste5.npz': npz(embeddings(30, teachers, size)) });
    const source = loadSourceEmbeddings({ ...synthetic, data_directory_name: folder }, dataset);
    t.is(source.file, join(folder, 'embeddings_pt_ste5.npz'));
    const { data, count, size: found } = source.rows(Int32Array.of(7, 0, 29, 7));
    t.deepEqual([count, found], [teachers, size]);
    const expected = [7, 0, 29, 7].flatMap((row) =>
      Array.from({ length: teachers * size }, (_, i) => 100 * row + 10 * Math.floor(i / size) + (i % size)),
    );
    t.deepEqual([...data], expected);
    t.deepEqual(source.rows([3], true), source.rows([3], false));
    t.is(source.rows([]).data.length, 0);
  }
});

test('numbers of other types become float32', (t) => {
  const { shape, data } = embeddings(30, 1, 2);
  const folder = folderOf(t, {
    'embeddings_pt_ste5.npz': npz({ dtype: 'float64', shape, data: Float64Array.from(data as Float32Array) }),
  });
  const source = loadSourceEmbeddings({ ...synthetic, data_directory_name: folder }, dataset);
  t.deepEqual(source.rows([4]).data, Float32Array.of(400, 401));
});

test('what does not fit is refused in one line, with both counts', (t) => {
  const refused = (contents: Uint8Array | string | null, changes: Partial<DatasetConfiguration> = {}) => {
    const folder = folderOf(t, contents === null ? {} : { 'embeddings_pt_ste5.npz': contents });
    const configuration = { ...synthetic, data_directory_name: folder, ...changes };
    return refusal(t, () => loadSourceEmbeddings(configuration, dataset)).replaceAll(`${folder}/`, '');
  };
  t.is(
    refused(npz(embeddings(29, 5, 4))),
    'invalid embeddings_pt_ste5.npz: 29 rows, and SyntheticSE has 30 items; save the embeddings of this very data (tripletlab save-embeddings)',
  );
  t.is(
    refused(null),
    'missing file: embeddings_pt_ste5.npz; make it with tripletlab save-embeddings, or check dataset.source_embeddings_id',
  );
  t.is(
    refused(npz({ ...embeddings(30, 1, 4), shape: [30, 4] })),
    'invalid embeddings_pt_ste5.npz: embeddings is [30, 4] and not [items, teachers, size]; fetch or make it again',
  );
  t.is(
    refused(npz(embeddings(30, 1, 4), 'other')),
    'invalid embeddings_pt_ste5.npz: it has no array embeddings; fetch or make it again',
  );
  const infinite = embeddings(30, 2, 4);
  infinite.data[17 * 8 + 3] = Infinity;
  t.is(
    refused(npz(infinite)),
    'invalid embeddings_pt_ste5.npz: row 17 of embeddings has a Infinity; fetch or make it again',
  );
  t.regex(refused('no zip'), /^invalid embeddings_pt_ste5\.npz: .*; fetch or make it again$/);
  t.regex(
    refused(null, { data_directory_name: null }),
    /^missing dataset\.data_directory_name; SyntheticSE learns from /,
  );
  t.regex(refused(null, { source_embeddings_id: null }), /^missing dataset\.source_embeddings_id; /);
});

const classTree: Tree = Object.fromEntries(
  ['001.a/1', '001.a/2', '003.b/1', '003.b/2', '101.c/1', '101.c/2', '199.d/1'].map((name) => [
    `images/${name}.jpg`,
    '',
  ]),
);
const classes = (root: string): DatasetConfiguration => ({
  name: 'CUBSEC',
  version: 'source_embedding_from_class_information',
  raw_data_directory_name: root,
  data_directory_name: null,
  batch_size: 4,
});

test('classes without a file: one-hot vectors of class - 1', (t) => {
  const configuration = classes(folderOf(t, classTree));
  const source = loadSourceEmbeddings(configuration, makeClassDataset(configuration));
  t.is(source.file, null);
  for (const training of [true, false]) {
    const { data, count, size } = source.rows([2, 6, 0], training);
    t.deepEqual([count, size, data.length], [1, 200, 600]);
    t.deepEqual(
      [...data.keys()].filter((i) => data[i] !== 0),
      [0 + 2, 200 + 198, 400 + 0],
    );
    t.is(data[2], 1);
  }
});

test('classes with a file: training takes its row class - 1, validation one-hot vectors', (t) => {
  const root = folderOf(t, classTree);
  const folder = folderOf(t, {
    'embeddings_x.npz': npz(embeddings(3, 2, 4)),
    'embeddings_y.npz': npz(embeddings(2, 1, 4)),
  });
  const configuration = { ...classes(root), data_directory_name: folder, source_embeddings_id: 'x' };
  const data = makeClassDataset(configuration);
  const source = loadSourceEmbeddings(configuration, data);
  const training = source.rows([0, 3], true);
  t.deepEqual([training.count, training.size], [2, 4]);
  t.deepEqual([...training.data], [0, 1, 2, 3, 10, 11, 12, 13, 200, 201, 202, 203, 210, 211, 212, 213]);
  t.deepEqual([source.rows([4]).count, source.rows([4]).size, source.rows([4]).data[100]], [1, 200, 1]);
  t.is(
    refusal(t, () => loadSourceEmbeddings({ ...configuration, source_embeddings_id: 'y' }, data)).replace(
      `${folder}/`,
      '',
    ),
    'invalid embeddings_y.npz: 2 rows, and CUBSEC trains on classes up to 3; give a file with 3 rows or more',
  );
  t.regex(
    refusal(t, () => loadSourceEmbeddings({ ...configuration, source_embeddings_id: 'z' }, data)),
    /^missing file: .*embeddings_z\.npz; /,
  );
  t.regex(
    refusal(t, () => loadSourceEmbeddings({ ...configuration, data_directory_name: null }, data)),
    /^missing dataset\.data_directory_name; CUBSEC learns from /,
  );
});
