import test from 'ava';
import { loadConfiguration } from '../../src/configuration/index.js';
import { drawOf } from '../../src/configuration/repetitions.js';
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
  t.is(trained.length, 30);
  for (const [i, { model, optimization, dataset, preprocessing, seed }] of trained.entries()) {
    t.deepEqual([model.name, model.weights, model.embedding_size], ['ViTTi', 'vit-ti16', 128]);
    t.deepEqual([optimization.num_training_epochs, optimization.initial_learning_rate], [100, 1e-6]);
    const configured = loadConfiguration(`configurations/yummly/yummly_se_${losses[Math.floor(i / 10)]}_vit.yaml`, []);
    t.is(dataset.version, `source_embedding~${i % 5}`);
    t.is(seed, Math.floor((i % 10) / 5));
    t.is(dataset.batch_size, configured.dataset.batch_size);
    t.deepEqual(preprocessing, configured.preprocessing);
  }
  const direct = small('direct-route', ['ste']).rows[0].networks.map(({ training }) => training.runs[0]);
  t.deepEqual(
    direct.map(({ dataset }) => dataset.version),
    [0, 1, 2, 3, 4, 0, 1, 2, 3, 4].map((split) => `direct~${split}`),
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

test('teachers that are not in the paper, and their students, are rows of this profile alone unless asked for', (t) => {
  const names = (table: ResolvedTable) => table.rows.map(({ row }) => `${row.data} ${row.name}`);
  t.deepEqual(names(small('teachers')), [
    ...['things ste', 'things triplet', 'yummly ste', 'yummly triplet'],
    ...['things ckl', 'yummly soe'],
  ]);
  const vit = small('distillation-vit');
  t.is(names(vit).at(-1), 'yummly rkd-ordinal');
  t.true(vit.notes.includes('row rkd-ordinal is not in the paper'));
  for (const profile of ['paper', 'laptop', 'smoke'])
    for (const name of ['teachers', 'distillation-vit']) {
      const all = loadTable(name, { profile });
      t.false(
        all.rows.some(({ row }) => row.beyondPaper),
        profile,
      );
      t.false(all.notes.some((note) => note.includes('not in the paper')));
    }
  const asked = loadTable('teachers', { rows: ['ckl', 'soe'] });
  t.deepEqual(names(asked), ['things ckl', 'yummly soe']);
  t.deepEqual(asked.notes, ['row ckl is not in the paper', 'row soe is not in the paper']);
  const runs = asked.jobs.flatMap((job) => (job.kind === 'training' ? job.runs : []));
  t.is(runs.length, 5 + 25);
  t.true(runs.every(({ model }) => model.name === 'Ordinal'));
});

test('students of ordinal teachers are those of the teachers of the paper in all but the embeddings', (t) => {
  const { rows } = small('distillation-vit', ['rkd', 'rkd-ordinal']);
  const [paper, ordinal] = rows.map(({ networks }) => networks.map(({ training }) => training.runs[0]));
  for (const [i, { run, dataset, ...settings }] of ordinal.entries()) {
    const { run: its, dataset: from, ...expected } = paper[i];
    t.deepEqual(settings, expected);
    t.is(run.id, 5111 + (i % 5) + (i < 5 ? 0 : 2000));
    t.is(drawOf(run), drawOf(its));
    t.is(drawOf(run), 641 + (i % 5));
    t.not(run.id, its.id);
    t.not(dataset.source_embeddings_id, from.source_embeddings_id);
    t.deepEqual({ ...dataset, source_embeddings_id: '' }, { ...from, source_embeddings_id: '' });
  }
  const teachers = rows[1].teachers.map(({ training }) => training.runs);
  t.deepEqual(
    teachers.map((runs) => runs.map(({ run }) => run.id)),
    [0, 1, 2, 3, 4].map((split) => [1, 2, 3, 4, 5].map((i) => 5000 + 5 * split + i)),
  );
  for (const [split, runs] of teachers.entries())
    for (const { dataset, model } of runs) t.deepEqual([dataset.version, model.loss_type], [`psycho~${split}`, 'soe']);
});

test('a row that there is not is refused, and a table that the profile leaves out has no job', (t) => {
  t.regex(refusal(t, () => small('distillation-vit', ['rdk'])), /^unknown row of table-distillation-vit: rdk; did you mean rkd\?$/); // prettier-ignore
  const { jobs, notes } = small('backbones');
  t.is(jobs.length, 0);
  t.regex(notes.join(), /left out/);
  t.true('small' in profiles);
});
