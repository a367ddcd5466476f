import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test from 'ava';
import { subsets } from '../../src/datasets/dataset.js';
import { makeIhsjc, readIhsjc } from '../../src/datasets/sets/ihsjc.js';
import { pictureNumber } from '../../src/datasets/sets/ihsj-files.js';
import { folderOf, refusal, without, type Tree } from './folders.js';
import { ihsjcContents, ihsjcGolden as golden, ihsjcPaths as paths, ihsjcTree, pictureName } from './ihsj-folder.js';

const { labels, trials } = ihsjcContents();
const whole = ihsjcTree(labels, trials);
const request = (root: string, version: string) => ({ name: 'IHSJCTInd', version, raw_data_directory_name: root });
const digest = (indexes: Int32Array) =>
  createHash('sha256')
    .update(new Uint8Array(indexes.buffer, indexes.byteOffset, indexes.byteLength))
    .digest('hex');
const withoutPictures = (tree: Tree) =>
  without(tree, ...labels.map((_, i) => `imagenet/validation/${pictureName(i + 1)}`));

for (const [version, expected] of Object.entries(golden.versions))
  for (const pictures of [true, false])
    test(`${version}, ${pictures ? 'with' : 'without'} pictures: split, order and next draws of the reference`, async (t) => {
      const tree = pictures ? await whole : withoutPictures(await whole);
      const made = makeIhsjc(request(folderOf(t, tree), version), 'optional');
      for (const subset of subsets) {
        t.is(made.triplets[subset].length, 3 * expected.counts[subset]);
        t.is(digest(made.triplets[subset]), expected.triplets[subset], subset);
        t.deepEqual([...made.instances[subset]], expected.instances[subset], subset);
      }
      t.deepEqual(
        expected.next.map(() => made.random.getrandbits(32)),
        expected.next,
      );
      t.deepEqual(
        [...made.prototypes],
        labels.map((c) => golden.prototypes[c]),
      );
      t.true(made.directed);
    });

test('classes of triplets, in order, without repeats and contradictions, as the reference has them', async (t) => {
  const data = readIhsjc(folderOf(t, await whole), 'required');
  t.is(data.pictureTriplets, 12 * golden.trials);
  t.is(data.triplets.length, 3 * golden.class_triplets.count);
  t.is(digest(data.triplets), golden.class_triplets.digest);
  t.is(data.repeats, golden.class_triplets.repeats);
  t.is(data.contradictions, golden.class_triplets.dropped);
  const meant = readIhsjc(folderOf(t, await whole), 'required', 'meant');
  t.true(meant.contradictions > data.contradictions);
});

test('the set of 20 % has its instances in another order than ascending', (t) => {
  const { test: last } = golden.versions.psycho.instances;
  t.notDeepEqual(
    last,
    [...last].sort((a, b) => a - b),
  );
});

test('items are the pictures, sorted, with the classes of their labels', async (t) => {
  const root = folderOf(t, await whole);
  const { items, classNames, facts, picture } = makeIhsjc(request(root, 'psycho'), 'required');
  t.is(items.length, labels.length);
  t.deepEqual(items[5], { file: join(root, 'imagenet/validation', pictureName(6)), class: labels[5], index: 5 });
  t.deepEqual(picture(5), { file: items[5].file! });
  t.is(classNames[3], 'class 3, thing');
  t.deepEqual(facts.notes, ['160 pictures instead of 50000']);
  t.like(facts.counts, { items: 160, pictures: 160, classes: 40, picture_triplets: 18000, class_triplets: 13626 });
  for (const index of [-1, 160, 1.5])
    t.regex(
      refusal(t, () => picture(index)),
      /^invalid item: /,
    );
});

test('without pictures: a note; sets of pictures are refused, and so is a picture', async (t) => {
  const root = folderOf(t, withoutPictures(await whole));
  const { items, facts, picture } = makeIhsjc(request(root, 'psycho'), 'optional');
  t.is(items.length, labels.length);
  t.deepEqual(facts.notes, [`pictures are absent: items are the 160 lines of ${paths.labels}`]);
  t.deepEqual(facts.missing, ['imagenet/validation/*.JPEG']);
  t.is(
    refusal(t, () => picture(3)),
    'missing picture of item 3; IHSJCTInd was read without pictures',
  );
  t.is(
    refusal(t, () => makeIhsjc(request(root, 'psycho'), 'required')),
    `missing file: ${join(root, 'imagenet/validation/*.JPEG')}; see data-manifests/ihsj.yaml`,
  );
});

test('trials with other numbers of chosen and shown, and of the older name', async (t) => {
  const shown = [
    [0, 1, 2, 3, -1],
    [4, 5, 6, 7, 8],
  ];
  const tree = await ihsjcTree([...labels.keys()].slice(0, 9), shown, { chosen: 1, type: 'Observations' });
  const { triplets, pictureTriplets } = readIhsjc(folderOf(t, tree), 'required');
  t.is(pictureTriplets, 2 + 3);
  t.deepEqual([...triplets], [0, 1, 2, 0, 1, 3, 4, 5, 6, 4, 5, 7, 4, 5, 8]);
});

test('what is missing or wrong is named, with its line', async (t) => {
  const tree = await whole;
  const refused = (changed: Tree, message: string | RegExp) => {
    const root = folderOf(t, changed);
    const text = refusal(t, () => makeIhsjc(request(root, 'psycho'), 'optional')).replace(`${root}/`, '');
    if (typeof message === 'string') t.is(text, `${message}; see data-manifests/ihsj.yaml`);
    else t.regex(text, message);
  };
  for (const path of Object.values(paths)) refused(without(tree, path), `missing file: ${path}`);
  refused(
    { ...tree, [paths.labels]: 'n00000000\nn99999999\n' },
    `invalid ${paths.labels} line 2: n99999999 is no synset of ${paths.classes}`,
  );
  refused(
    { ...tree, [paths.classes]: `synset name\n${tree[paths.classes] as string}` },
    `invalid ${paths.classes} line 1: no synset`,
  );
  refused(
    { ...tree, [paths.classes]: 'n00000000 a\nn00000000 b\n' },
    `invalid ${paths.classes} line 2: n00000000 occurs twice`,
  );
  refused(
    { ...tree, [paths.classes]: `${tree[paths.classes] as string}n00000001 no picture's\n` },
    "invalid imagenet/validation: 1 of 41 classes have no pictures, the first is no picture's; add them all or none",
  );
  refused({ ...tree, 'imagenet/validation/x_00000161.JPEG': '' }, /its number is none of the 160 lines of/);
  refused({ ...tree, [paths.trials]: 'text' }, /^invalid .*obs-195\.hdf5: not an HDF5 file; /);
  const stray = await ihsjcTree([0, 1, 2], [[0, 1, -2]], { chosen: 1 });
  refused({ ...tree, [paths.trials]: tree[paths.catalog] }, `invalid ${paths.trials}: it has no numbers stimulus_set`);
  refused(
    { ...tree, [paths.trials]: stray[paths.trials] },
    /^invalid .*: trial 0 shows stimulus -2, which is in no catalog/,
  );
  refused(await ihsjcTree([0, 1, 2], [[0, 1, 2]], { chosen: 2 }), `invalid ${paths.trials}: trial 0 has 2 chosen of 2`);
  refused(
    await ihsjcTree([0, 1, 2], [[0, 1, 2]], { chosen: 1, type: 'RateObservations' }),
    `invalid ${paths.trials}: its trials are no RankObservations`,
  );
});

test('the number of a picture is in its name', (t) => {
  t.is(pictureNumber('n0144/ILSVRC2012_val_00000033.JPEG'), 32);
  t.is(pictureNumber('ILSVRC2012_val_00050000.JPEG'), 49999);
  for (const name of ['ILSVRC2012_val_00000000.JPEG', 'x.JPEG', 'a_1b.JPEG', '_.JPEG', 'a_12'])
    t.is(pictureNumber(name), null);
});
