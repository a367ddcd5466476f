import test from 'ava';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { UsageError } from '../../src/errors.js';
import { loadPlan, reproduce, resolvePlan } from '../../src/experiments/index.js';
import { temporaryFolder, tripletlab } from '../command-line.js';
import { refusal } from '../refusal.js';
import { ownFolder } from './own-folder.js';

const small = 'configurations/plans/your-own-data-small.yaml';
const plan = {
  name: 'own',
  teachers: {
    configuration: 'configurations/custom/custom_p_ste.yaml',
    overrides: ['dataset.batch_size=999', 'optimization.num_training_epochs=1'],
  },
  source_embeddings_id: 'pt',
  evaluation: { configuration: 'configurations/custom/custom_e.yaml' },
};
const students = [{ configuration: 'configurations/custom/custom_se_rkd.yaml', overrides: ['dataset.batch_size=24'] }];

test('a batch that the data do not fill becomes all of them, and one line says so', async (t) => {
  const folder = await ownFolder(24, 600);
  const base = temporaryFolder();
  const lines: string[] = [];
  const given = resolvePlan(plan, [`dataset.raw_data_directory_name=${folder}`], 'own.yaml');
  const { rows, notes } = await reproduce(given, { base, log: (line) => lines.push(line) });
  // counted anew: rows of which all three pictures are trained on
  const { triplets, instances } = makeTripletDataset(given.teachers!.configuration.dataset);
  const training = new Set(instances.training);
  t.true(triplets.training.every((item) => training.has(item)));
  const count = triplets.training.length / 3;
  t.true(count > 50 && count * 3 < 999);
  const line = `teachers.dataset.batch_size 999 in own.yaml is more than the data have: ${3 * count} is taken, ${count} training triplets of three pictures`;
  t.is(lines.filter((one) => one.includes('more than the data have')).length, 1);
  t.true(lines.includes(line));
  t.deepEqual(notes, [line]);
  t.is(rows[0].epochs, 1);
  // a batch that is given on the command line is named as it was given there
  const again = resolvePlan(plan, [`dataset.raw_data_directory_name=${folder}`, 'teachers.dataset.batch_size=9999'], 'own.yaml', { name: 'b' }); // prettier-ignore
  const { notes: others } = await reproduce(again, { base });
  t.regex(others[0], /^teachers\.dataset\.batch_size 9999 is more than the data have: \d+ is taken/);
  rmSync(base, { recursive: true });
});

test('a folder without test triplets is refused before any work', async (t) => {
  const folder = join(temporaryFolder(), 'few');
  mkdirSync(join(folder, 'images'), { recursive: true });
  for (let i = 0; i < 12; i++) writeFileSync(join(folder, 'images', `p${i}.png`), '');
  // every row has a picture of its own side and of the others, so that no three lie on the side of the test
  const rows = Array.from({ length: 12 }, (_, i) => [i, (i + 1) % 12, (i + 6) % 12].join(','));
  writeFileSync(join(folder, 'triplets.csv'), `${rows.join('\n')}\n`);
  const base = temporaryFolder();
  const given = resolvePlan(plan, [`dataset.raw_data_directory_name=${folder}`]);
  await t.throwsAsync(reproduce(given, { base, onStage: () => t.fail('work began') }), {
    instanceOf: UsageError,
    message: /^empty \w+ subset of CustomTriplets/,
  });
  rmSync(base, { recursive: true });
});

test('messages name the key that was written, and its file', (t) => {
  const wrong = (overrides: string[], given: string[] = []): string =>
    refusal(() => resolvePlan({ ...plan, teachers: { ...plan.teachers, overrides }, students }, given, 'mine.yaml'));
  const folder = 'dataset.raw_data_directory_name=.';
  t.is(wrong([folder, 'dataset.batch_size=250']), 'invalid teachers.dataset.batch_size: 250 in mine.yaml; triplets need a multiple of 3'); // prettier-ignore
  t.is(wrong([], [folder, 'teachers.dataset.batch_size=250']), 'invalid teachers.dataset.batch_size: 250; triplets need a multiple of 3'); // prettier-ignore
  t.is(wrong(['model.tua=1']), 'unknown key: teachers.model.tua in mine.yaml; did you mean teachers.model.tau?');
  t.is(
    wrong([], ['students.model.tua=1', folder]),
    'unknown key: students.model.tua; did you mean students.model.tau?',
  );
  t.is(wrong(['model.name=Psyco']), 'unknown teachers.model.name: Psyco in mine.yaml; did you mean Psycho?');
  t.is(wrong([], ['model.tua=1']), 'unknown key: model.tua; did you mean model.tau?');
  t.is(
    wrong([]),
    'missing dataset.raw_data_directory_name in configurations/custom/custom_p_ste.yaml; CustomTripletsTInd needs a folder with images/ and triplets.csv: add dataset.raw_data_directory_name=VALUE to the command',
  );
});

test('settings that a plan ignores are refused, each with what to give in its place', (t) => {
  const wrong = (...given: string[]): string =>
    refusal(() => loadPlan(small, ['dataset.raw_data_directory_name=.', ...given]));
  t.is(wrong('run.output_directory_name=x'), 'invalid setting: run.output_directory_name=x; a plan keeps its runs in its folder: give --out FOLDER'); // prettier-ignore
  t.regex(wrong('teachers.run.output_directory_name=x'), /give --out FOLDER$/);
  t.regex(wrong('output_directory_name=x'), /^invalid setting: output_directory_name=x; give --out FOLDER$/);
  t.regex(wrong('name=x'), /^invalid setting: name=x; give --name NAME$/);
  t.regex(wrong('subset_name=all'), /^invalid setting: subset_name=all; write evaluation\.subset_name=all$/);
  t.regex(wrong('evaluation.model_uri=x'), /the plan evaluates its own networks$/);
  t.regex(wrong('studnets.seed=1'), /^unknown key: studnets\.seed; did you mean students\.seed\?$/);
  t.regex(wrong('students.model.tau=1', 'students.model.loss_type=rkd'), /^invalid setting: students\.model\.tau=1; no loss here reads it: rkd$/); // prettier-ignore
  t.is(wrong('model.tau=1'), 'nothing', 'the teachers read it');
  t.is(wrong('evaluation.subset_name=validation'), 'nothing');
  const inFile = { ...plan, teachers: { ...plan.teachers, overrides: ['run.output_directory_name=x'] } };
  t.regex(
    refusal(() => resolvePlan(inFile, [], 'mine.yaml')),
    /=x in teachers of mine\.yaml; .*--out FOLDER$/,
  );
});

test('commands refuse the arguments of others', (t) => {
  const config = 'configurations/synthetic/synthetic_p_ste.yaml';
  const said = (...args: string[]): string => {
    const { status, stderr } = tripletlab(args);
    t.is(status, 1);
    return stderr.trim().split('\n').at(-1)!;
  };
  t.is(said('train', config, 'output_directory_name=x'), 'tripletlab: invalid output_directory_name: "x"; only save-embeddings reads it, not train; train reads run.output_directory_name'); // prettier-ignore
  t.is(said('train', config, 'subset_name=all'), 'tripletlab: invalid subset_name: "all"; only evaluate reads it, not train'); // prettier-ignore
  t.is(said('evaluate', config, 'new_source_embeddings_id=x'), 'tripletlab: invalid new_source_embeddings_id: "x"; only save-embeddings reads it, not evaluate'); // prettier-ignore
});

test('a plan goes where it is told, under the name it is given', (t) => {
  const own = ['dataset.raw_data_directory_name=.'];
  t.is(loadPlan(small, own).folder, 'modeling/your-own-data-small');
  const named = loadPlan(small, own, { name: 'shoes' });
  t.deepEqual([named.name, named.folder], ['shoes', 'modeling/shoes']);
  const placed = loadPlan(small, own, { folder: '/data/a: b', name: 'shoes' });
  t.deepEqual([placed.name, placed.folder], ['shoes', '/data/a: b']);
  const [{ configuration }] = placed.students;
  t.is(configuration.run.output_directory_name, '/data/a: b/runs');
  t.is(configuration.dataset.data_directory_name, '/data/a: b/embeddings');
  t.regex(
    refusal(() => loadPlan(small, own, { name: 'a b' })),
    /^invalid --name: a b; a word/,
  );
  const drawn = loadPlan('configurations/plans/synthetic-quick.yaml', [], { folder: 'here' });
  for (const draw of drawn.draws) t.true(draw.folder.startsWith('here/data-'));
});
