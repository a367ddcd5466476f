import test from 'ava';
import { register as registerBackbone } from '../../src/backbones/index.js';
import { loadTable } from '../../src/experiments/index.js';
import { register as registerLoss } from '../../src/losses/index.js';
import { runSettings } from '../../src/training/index.js';
import * as tf from '../../src/tf.js';

registerLoss({ name: 'nothing', supervision: 'teachers', loss: (embeddings) => tf.sum(tf.mul(embeddings, 0)) });
registerLoss({ name: 'null_triplets', supervision: 'triplets', loss: (embeddings) => tf.sum(tf.mul(embeddings, 0)) });
registerBackbone({ name: 'Means', featureSize: 3, body: () => (pictures) => tf.mean(pictures, [1, 2]) });

/** The settings in which the runs of the second row differ from those of the first. */
function differences(table: string, profile: string, rows: readonly string[]): Set<string> {
  const [first, second] = rows.map((name) =>
    loadTable(table, { profile, rows, folder: 'nowhere', kept: false })
      .rows.filter(({ row }) => row.name === name)
      .flatMap(({ teachers, networks }) => (networks.length > 0 ? networks : teachers).map(({ training }) => training))
      .flatMap(({ runs }) => runs.map((run) => new Map(runSettings(run)))),
  );
  const different = first.flatMap((settings, i) =>
    [...new Set([...settings.keys(), ...second[i].keys()])].flatMap((key) => {
      const [one, other] = [settings, second[i]].map((of) => of.get(key) ?? 'null');
      return one === other ? [] : [`${key}: ${other}`];
    }),
  );
  return new Set(different);
}

test('a loss of ones own is a row with the draws and settings of the reference', (t) => {
  const loss = new Set(['model.loss_type: "nothing"']);
  t.deepEqual(differences('distillation-resnet50', 'paper', ['rkd', 'nothing']), loss);
  t.deepEqual(differences('distillation-vit', 'small', ['rkd', 'nothing']), loss);
  const classes = differences('class-datasets', 'paper', ['rkd', 'nothing']);
  t.deepEqual(classes, new Set([...loss, 'model.batch_mining: null']));
  const direct = new Set(['model.loss_type: "null_triplets"']);
  t.deepEqual(differences('direct-route', 'laptop', ['ste', 'null_triplets']), direct);
  t.deepEqual(differences('teachers', 'paper', ['ste', 'null_triplets']), direct);
});

test('a backbone of ones own is a row of the table of networks', (t) => {
  t.deepEqual(differences('backbones', 'smoke', ['ResNet-50', 'Means']), new Set(['model.name: "Means"']));
});

test('labels name the part, and the table says that the row is not in the paper', (t) => {
  const { jobs, notes } = loadTable('distillation-vit', { rows: ['nothing'], profile: 'smoke', kept: false });
  t.true(jobs.some(({ label }) => label === 'yummly_se_rkd_vit nothing run-0641'));
  t.deepEqual(
    notes.filter((note) => note.startsWith('row ')),
    ['row nothing is not in the paper'],
  );
});

test('a name that is neither a row nor such a part is refused in one line', (t) => {
  const load = (table: string, ...rows: string[]) => loadTable(table, { rows, kept: false });
  t.throws(() => load('distillation-vit', 'rkd', 'Means'), {
    message:
      'unknown row of table-distillation-vit: Means; one of: rkd, rt, rf, mtt, rc, ri, stmr, rms, rkd-ordinal; a loss of your own needs --import',
  });
  t.throws(() => load('backbones', 'Mean'), {
    message:
      'unknown row of table-backbones: Mean; one of: ResNet-50, BN-Inception, ViT-B/16; a backbone of your own needs --import',
  });
  t.throws(() => load('teacher-size', 'nothing'), { message: /^unknown row of table-teacher-size: nothing; one of: / });
  t.throws(() => load('direct-route', 'nothing'), {
    message: /^invalid loss_type: nothing; it needs source embeddings/,
  });
});
