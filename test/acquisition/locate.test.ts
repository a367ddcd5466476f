import { join } from 'node:path';
import test from 'ava';
import { configuredRoot, findRoot, locate, sources } from '../../src/acquisition/locate.js';
import { folderOf, refusal } from '../datasets/folders.js';

// The environment belongs to the process: these run one after another.
const kept = process.env['TRIPLETLAB_DATA'];
test.afterEach.always(() => {
  if (kept === undefined) delete process.env['TRIPLETLAB_DATA'];
  else process.env['TRIPLETLAB_DATA'] = kept;
});

test.serial('an existing folder is taken as configured, over the environment', (t) => {
  const data = folderOf(t, { 'things/a': '' });
  process.env['TRIPLETLAB_DATA'] = data;
  const own = folderOf(t, { a: '' });
  t.is(locate('things', own), own);
});

test.serial("where the configurations' own folder is missing, the environment's is taken", (t) => {
  const data = folderOf(t, { 'things/a': '', 'weights/a': '' });
  process.env['TRIPLETLAB_DATA'] = data;
  t.is(locate('things', '/data/metric_learning/datasets/things_raw'), join(data, 'things'));
  t.is(locate('weights'), join(data, 'weights'));
  t.is(findRoot('cub'), null);
});

test.serial('an overridden folder that is missing is an error, whatever the environment has', (t) => {
  process.env['TRIPLETLAB_DATA'] = folderOf(t, { 'things/a': '' });
  t.is(
    refusal(t, () => locate('things', '/no/such/folder')),
    'missing data: there is no folder /no/such/folder; see data-manifests/things.yaml',
  );
  t.is(findRoot('things', '/no/such/folder'), null);
});

test.serial('nothing found: both places and the manifest are named', (t) => {
  process.env['TRIPLETLAB_DATA'] = folderOf(t);
  t.is(
    refusal(t, () => locate('yummly')),
    `missing data: there is neither /data/metric_learning/datasets/yummly_raw nor ${process.env['TRIPLETLAB_DATA']}/yummly; see data-manifests/yummly.yaml`,
  );
  delete process.env['TRIPLETLAB_DATA'];
  t.is(
    refusal(t, () => locate('yummly')),
    'missing data: there is neither /data/metric_learning/datasets/yummly_raw nor $TRIPLETLAB_DATA/yummly (TRIPLETLAB_DATA is not set); see data-manifests/yummly.yaml',
  );
  t.is(
    refusal(t, () => locate('weights')),
    'missing data: there is no folder $TRIPLETLAB_DATA/weights (TRIPLETLAB_DATA is not set); see data-manifests/weights.yaml',
  );
});

test.serial('a file is no data folder', (t) => {
  const data = folderOf(t, { things: 'a file' });
  process.env['TRIPLETLAB_DATA'] = data;
  t.is(findRoot('things'), null);
  t.is(findRoot('things', join(data, 'things')), null);
});

test("the configurations' own folders are those of the reference", (t) => {
  const folders = sources.map((source) => configuredRoot(source));
  t.deepEqual(folders.slice(0, 2), [
    '/data/metric_learning/datasets/things_raw',
    '/data/metric_learning/datasets/ihsj_raw',
  ]);
  t.is(folders.at(-1), null);
});
