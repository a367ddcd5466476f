import test from 'ava';
import { loadConfiguration } from '../../src/configuration/index.js';
import { loadTable, profiles, type ResolvedTable } from '../../src/experiments/index.js';
import { refusal } from '../datasets/folders.js';

const small = (name: string, rows?: readonly string[]): ResolvedTable =>
  loadTable(name, { profile: 'small', folder: '/nowhere', ...(rows && { rows }) });

test('students and the direct route have the schedule of the paper, its five splits and ViT-Ti/16', (t) => {
  const losses = ['rkd', 'ri', 'stmr'];
  const table = small('distillation-vit', losses);
  t.deepEqual(
    table.rows.map(({ row }) => [row.data, row.name]),
    losses.map((loss) => ['yummly', loss]),
  );
  const trained = table.rows.flatMap(({ networks }) => networks.map(({ training }) => training.runs[0]));
  t.is(trained.length, 15);
  for (const [i, { model, optimization, dataset, preprocessing }] of trained.entries()) {
    t.deepEqual([model.name, model.weights, model.embedding_size], ['ViTTi', 'vit-ti16', 128]);
    t.deepEqual([optimization.num_training_epochs, optimization.initial_learning_rate], [100, 1e-6]);
    const configured = loadConfiguration(`configurations/yummly/yummly_se_${losses[Math.floor(i / 5)]}_vit.yaml`, []);
    t.is(dataset.version, `source_embedding~${i % 5}`);
    t.is(dataset.batch_size, configured.dataset.batch_size);
    t.deepEqual(preprocessing, configured.preprocessing);
  }
  const direct = small('direct-route', ['ste']).rows[0].networks.map(({ training }) => training.runs[0]);
  t.deepEqual(
    direct.map(({ dataset }) => dataset.version),
    [0, 1, 2, 3, 4].map((split) => `direct~${split}`),
  );
  for (const { dataset, optimization, preprocessing } of direct) {
    t.is(preprocessing.name, 'ViTImagePreprocessing');
    t.is(optimization.num_batches_per_epoch! * dataset.batch_size * optimization.num_training_epochs, 6000);
  }
});

test('what each network starts from is asked once: features for each split, new layers for each run', (t) => {
  const { jobs } = small('distillation-vit', ['rkd', 'stmr']);
  const starts = jobs.flatMap((job) => (job.kind === 'start' ? [job] : []));
  t.is(starts.filter(({ part }) => part === 'features').length, 5);
  t.is(starts.filter(({ part }) => part === 'all').length, 10);
  t.true(starts.every(({ needs, evaluation }) => needs.length === 0 && evaluation.subset_name === 'test'));
});

test('a row that there is not is refused, and a table that the profile leaves out has no job', (t) => {
  t.regex(refusal(t, () => small('distillation-vit', ['rdk'])), /^unknown row of table-distillation-vit: rdk; did you mean rkd\?$/); // prettier-ignore
  const { jobs, notes } = small('backbones');
  t.is(jobs.length, 0);
  t.regex(notes.join(), /left out/);
  t.true('small' in profiles);
});
