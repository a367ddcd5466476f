import test from 'ava';
import { configurationFiles, configurationNotes, loadConfiguration } from '../../src/configuration/index.js';

const teacher = 'configurations/things/things_p_ste.yaml';
const decay = /^as in the original, Psycho trains without model\.beta and optimization\.weight_decay; set /;

test("the original's configurations say nothing without effect, but for the teachers' regularization", (t) => {
  const not = /yummly_e\.yaml$|_p_(soe|ckl)\.yaml$/;
  for (const file of configurationFiles().filter((name) => !not.test(name))) {
    const folder = file.startsWith('configurations/custom/') ? ['dataset.raw_data_directory_name=test'] : [];
    const notes = configurationNotes(loadConfiguration(file, folder));
    t.is(notes.length, file.includes('_p_') ? 1 : 0, file);
    for (const note of notes) t.regex(note, decay);
  }
});

test('teachers that are not in the paper say so', (t) => {
  const ordinal = configurationFiles().filter((name) => /_p_(soe|ckl)\.yaml$/.test(name));
  t.is(ordinal.length, 3);
  for (const file of ordinal) {
    const [, loss] = /_p_(soe|ckl)\.yaml$/.exec(file)!;
    t.deepEqual(configurationNotes(loadConfiguration(file)), [`Ordinal with loss_type ${loss} is not in the paper`]);
  }
  const notes = configurationNotes(loadConfiguration(ordinal[0], ['model.beta=0.1', 'model.tau=1']));
  t.true(notes.some((note) => note.endsWith('does not read model.tau, model.beta')));
});

test('what has no effect, or a surprising one, is noted', (t) => {
  const notes = (file: string, ...overrides: string[]) => configurationNotes(loadConfiguration(file, overrides));
  t.deepEqual(notes(teacher, 'model.train_regularization=true'), []);
  t.true(
    notes(teacher, 'model.loss_type=triplet', 'model.margin=1').includes('loss_type triplet does not read model.tau'),
  );
  t.true(
    notes(teacher, 'model.loss_type=double_margin', 'model.margin=1').includes(
      "model.beta is a parameter of double_margin and also the weight of Psycho's regularization",
    ),
  );
  t.regex(notes(teacher, 'model.metric_mode=FCT/min')[0], /keeps the worst checkpoint/);
  const vit = 'configurations/things/things_se_rkd_vit.yaml';
  t.regex(notes(vit, 'model.frozen_variables=bn')[0], /freezes nothing of ViT/);
  t.deepEqual(notes(vit, 'model.frozen_variables=all'), []);
  t.regex(notes(vit, 'model.num_nonlinearity_layers=2')[0], /only ResNet50 does/);
  const classes = 'configurations/cub/cub_se_rkd_ns_vits.yaml';
  const facenet = notes(classes, 'model.loss_type=facenet', 'model.margin=1', 'model.batch_mining=null');
  t.deepEqual(facenet, ["loss_type facenet is in none of the original's configurations"]);
});
