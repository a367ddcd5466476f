import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { drawPng } from '../../src/datasets/synthetic/synthetic-pictures.js';
import { embedPictures } from '../../src/evaluation/embed-pictures.js';
import { evaluate, saveEmbeddings } from '../../src/evaluation/index.js';
import { readNpz } from '../../src/formats/npz.js';
import { train } from '../../src/training/index.js';
import { folderOf, refusalOf, type Tree } from '../datasets/folders.js';

const [trainingClasses, testClasses, each] = [4, 3, 3];

/** A small SOP in its published layout: pictures are named in files, so that they can be missing. */
async function sop(t: ExecutionContext, change: (tree: Tree) => void = () => undefined): Promise<string> {
  const tree: Tree = {};
  const half = async (file: string, first: number, classes: number): Promise<void> => {
    const rows = ['image_id class_id super_class_id path'];
    for (let i = 0; i < classes * each; i++) {
      const name = `toaster_final/${file}${i}.JPG`;
      const c = first + Math.floor(i / each);
      rows.push(`${i + 1} ${c} 1 ${name}`);
      tree[name] = await drawPng([(c % 7) / 7, (i % each) / each, 0.5, 0.5], 24);
    }
    tree[`Ebay_${file}.txt`] = `${rows.join('\n')}\n`;
  };
  await half('train', 1, trainingClasses);
  await half('test', 11319, testClasses);
  change(tree);
  return folderOf(t, tree);
}

const small = [
  'preprocessing={name: SmallImagePreprocessing, image_size: 16}',
  'model={name: SmallResNet, frozen_variables: bn, embedding_size: 4, loss_type: rkd, metric_mode: mP@1/max}',
  'dataset.batch_size=6',
  'optimization.num_training_epochs=2',
  'optimization.micro_batch_size=2',
  'engine=wasm',
  'use_gpu=false',
];

function configurationOf(root: string, ...more: string[]) {
  return loadTrainingConfiguration('configurations/sop/sop_se_rkd_ns_vits.yaml', [
    `dataset.raw_data_directory_name=${root}`,
    ...small,
    ...more,
  ]);
}

const skip = 'preprocessing.on_bad_image=skip';

function place(t: ExecutionContext): string {
  const base = mkdtempSync(join(tmpdir(), 'tripletlab-'));
  t.teardown(() => rmSync(base, { recursive: true, force: true }));
  return base;
}

const cut = (tree: Tree, name: string): void => {
  tree[name] = (tree[name] as Uint8Array).slice(0, 60);
};

test.serial('missing pictures are counted over the data set before any work, and the first is named', async (t) => {
  const root = await sop(t, (tree) => {
    delete tree['toaster_final/train7.JPG'];
    delete tree['toaster_final/test2.JPG'];
    tree['toaster_final/train10.JPG'] = '';
    cut(tree, 'toaster_final/train0.JPG'); // shows when it is read
  });
  const base = place(t);
  t.is(
    (await refusalOf(t, train(configurationOf(root), { base }))).replaceAll(`${root}/`, ''),
    'unreadable picture: toaster_final/train7.JPG: no such file (3 of 21 pictures of SOPSEC); replace them or set preprocessing.on_bad_image=skip',
  );
  t.deepEqual(readdirSync(base), []);
});

test.serial('a corrupt picture ends training, counted over its batch whatever the pieces', async (t) => {
  const root = await sop(t, (tree) => {
    for (let i = 0; i < trainingClasses * each; i++) cut(tree, `toaster_final/train${i}.JPG`);
  });
  const message = await refusalOf(t, train(configurationOf(root), { base: place(t) }));
  t.regex(message, /^unreadable picture: .*train\d+\.JPG: .* \(6 of 6 pictures of its batch\); replace them or set preprocessing\.on_bad_image=skip$/); // prettier-ignore
});

test.serial(
  'pictures that are skipped are counted once, in the record, in what is said, and after a resume',
  async (t) => {
    const root = await sop(t, (tree) => {
      delete tree['toaster_final/train7.JPG'];
      cut(tree, 'toaster_final/test2.JPG');
    });
    const note = /^pictures left out: 2 of 21 cannot be read \(first train7\.JPG: no such file\)$/;
    const said: string[] = [];
    const base = place(t);
    const configuration = configurationOf(root, skip);
    const stop = new AbortController();
    const options = { base, log: (line: string) => void said.push(line) };
    await t.throwsAsync(
      train(configuration, {
        ...options,
        signal: stop.signal,
        onUpdate: ({ epochEnded }) => {
          if (epochEnded) stop.abort();
        },
      }),
      { message: /^interrupted/ },
    );
    t.is(said.filter((line) => note.test(line)).length, 1, said.join('\n'));
    const [cutOff, readable] = ['test2', 'test3'].map((name) => readFileSync(join(root, `toaster_final/${name}.JPG`)));
    writeFileSync(join(root, 'toaster_final/test2.JPG'), readable); // other data than the run began with
    t.regex(await refusalOf(t, train(configuration, options)), /holds a run on other data \(pictures: /);
    writeFileSync(join(root, 'toaster_final/test2.JPG'), cutOff);
    const [record] = await train(configuration, options);
    t.is(record.status, 'finished');
    const counted = record.notes.filter((line) => line.startsWith('pictures left out'));
    t.is(counted.length, 1);
    t.regex(counted[0], note); // the first epoch was without it

    writeFileSync(join(root, 'toaster_final/test2.JPG'), readable);
    const uri = `SmallResNet,embedding_size:4/modeling/runs/${record.name}/checkpoint-best.pth`;
    const evaluation = { ...configuration, model_uri: uri, subset_name: 'all' as const };
    const { notes, count } = await evaluate(evaluation, { base });
    t.is(count, 20);
    t.is(notes.filter((line) => /^pictures left out: 1 of 21 .*first train7/.test(line)).length, 1);
    const target = { output_directory_name: '.', new_source_embeddings_id: 'x' };
    const saved = await saveEmbeddings({ ...configuration, ...target }, { base, modelUris: [uri, uri] });
    t.is(saved.notes.length, 1);
    const { data, shape } = readNpz(saved.file).get('embeddings')!;
    t.deepEqual(shape, [21, 2, 4]);
    const bad = Array.from(data as Float32Array).flatMap((value, i) =>
      Number.isNaN(value) ? [Math.floor(i / 8)] : [],
    );
    t.deepEqual([...new Set(bad)], [7]);

    const failing = { ...evaluation, preprocessing: { ...configuration.preprocessing, on_bad_image: 'fail' as const } };
    t.regex(
      await refusalOf(t, evaluate(failing, { base })),
      /train7\.JPG: no such file \(1 of 21 pictures of SOPSEC\)/,
    );
  },
);

test.serial('where no picture can be read there is nothing to skip', async (t) => {
  const root = await sop(t, (tree) => {
    for (const name of Object.keys(tree)) if (name.startsWith('toaster')) tree[name] = '';
  });
  const base = place(t);
  const message = await refusalOf(t, train(configurationOf(root, skip), { base }));
  t.regex(message, /^missing pictures: none of 21 of SOPSEC can be read, the first is .*train0\.JPG: an empty file; /);
  t.false(existsSync(join(base, 'modeling')));
  const dataset = { name: 'a', items: [{ file: join(root, 'Ebay_test.txt'), class: 1, index: 0 }] };
  const backbone = { embeddingSize: 4 };
  const { preprocessing } = configurationOf(root, skip);
  t.regex(
    await refusalOf(
      t,
      embedPictures(backbone as never, { ...dataset, picture: () => dataset.items[0] } as never, { preprocessing }),
    ),
    /^none of 1 pictures of a can be read/,
  );
});
