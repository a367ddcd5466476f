import test from 'ava';
import { loadConfiguration } from '../../src/configuration/index.js';
import { indexTables } from '../../src/teachers/index-tables.js';
import { isTripletDataset, makeDataset } from '../../src/datasets/index.js';
import { evaluate, modelUri } from '../../src/evaluation/index.js';
import { withDrawnPictures } from '../datasets/drawn-pictures.js';
import { writeTree } from '../datasets/folders.js';
import { smallSets } from '../datasets/small-sets.js';
import { checkSteps } from './configured-checks.js';
import { Bench, writtenConfigurations, type Written } from './configured-runs.js';
import { embeddingRows, naiveFct, naivePrecision, naiveValidation } from './configured-values.js';

// Those of ViT-B are in every-vit-configuration.test.ts.

const bench = new Bench();
test.before(() => bench.prepare());
test.after.always(() => {
  bench.clear();
});

const all = writtenConfigurations();
/** Rows of networks that have learned nothing are close to each other: their distances have few digits in float32. */
const isNear = (value: number, expected: number): boolean => Math.abs(value - expected) < 1e-3 * expected;
const isStudent = ({ yaml }: Written): boolean => yaml.dataset.name.endsWith('SE');
/** One of each data set leaves its network for the evaluation: its URI, by data set. */
const networks = new Map<string, string>();
const leaves = ({ file }: Written): boolean => /_se_rkd(_ns_vits)?\.yaml$/.test(file);

test('there are 80 configurations that train and 6 that evaluate', (t) => {
  t.is(all.filter(({ yaml }) => 'model' in yaml).length, 80); // two are of ordinal teachers, not in the original
  t.is(all.filter(({ yaml }) => !('model' in yaml)).length, 6);
});

for (const written of all.filter(({ yaml }) => 'model' in yaml && yaml.model.name !== 'ViT'))
  test.serial(`${written.file}: a training and a validation step`, async (t) => {
    const record = await checkSteps(t, bench, written);
    if (Object.hasOwn(indexTables, written.yaml.model.name)) return;
    const { loss, metric } = await naiveValidation(modelUri(record), record.configuration, bench.base);
    const [epoch] = record.epochs;
    if (loss !== undefined) t.true(isNear(epoch.validation_loss, loss), `${epoch.validation_loss}, expected ${loss}`);
    else t.true(written.yaml.model.batch_mining !== undefined);
    if (metric !== undefined) t.is(epoch.metric, metric);
    else t.true(isStudent(written));
    if (leaves(written)) networks.set(written.set, modelUri(record));
    else bench.remove(record);
  });

test.serial('a repetition on a split of its own: version~k, embeddings ~k', async (t) => {
  const written = all.find(({ file }) => file.endsWith('yummly_se_rkd_inc.yaml'))!;
  writeTree(bench.root('splits'), await withDrawnPictures(smallSets.yummly([0, 1])));
  const root = `dataset.raw_data_directory_name=${bench.root('splits')}`;
  const records = await bench.train(written, [root, 'num_repetitions=2', 'run.id=9000']);
  t.deepEqual(
    records.map(({ configuration: { dataset } }) => [dataset.version, dataset.source_embeddings_id]),
    [0, 1].map((k) => [`source_embedding~${k}`, `pt_ste5~${k}`]),
  );
  for (const { configuration } of records) t.is(configuration.dataset.different_splits, false);
  const [first, second] = records.map(({ configuration: { dataset } }) => makeDataset(dataset).instances.validation);
  t.notDeepEqual(first, second);
  for (const record of records) {
    const { loss } = await naiveValidation(modelUri(record), record.configuration, bench.base);
    t.true(isNear(record.epochs[0].validation_loss, loss!));
  }
});

for (const { file, set, yaml } of all.filter(({ yaml: { model } }) => model === undefined))
  test.serial(`${file}: the metric of a network`, async (t) => {
    const uri = networks.get(set)!;
    const version = 'version' in yaml.dataset ? [] : ['dataset.version=direct~0'];
    const overrides = [`dataset.raw_data_directory_name=${bench.root(set)}`, `model_uri=${uri}`, ...version];
    const configuration = loadConfiguration(file, overrides);
    const found = await evaluate(configuration, { base: bench.base });
    const dataset = makeDataset(configuration.dataset);
    t.is(found.subset, yaml.subset_name!);
    if (isTripletDataset(dataset)) {
      const { triplets: { test: triplets }, directed } = dataset; // prettier-ignore
      t.like(found, { metric: 'FCT', count: triplets.length / 3, of: 'triplets' });
      t.true(triplets.length >= 9);
      t.is(found.value, naiveFct(await embeddingRows(uri, configuration, dataset, triplets, bench.base), directed));
    } else {
      const { test: items } = dataset.instances;
      t.like(found, { metric: 'mP@1', count: 6, of: 'pictures' });
      const classes = Array.from(items, (item) => dataset.items[item].class);
      t.is(found.value, naivePrecision(await embeddingRows(uri, configuration, dataset, items, bench.base), classes));
    }
  });
