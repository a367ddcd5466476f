import test from 'ava';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { prepareOwnData } from '../../src/experiments/index.js';
import { temporaryFolder } from '../command-line.js';

const wanted = {
  folder: '',
  directed: true,
  teachers: 2,
  network: 'ResNet50',
  weights: 'none-such',
  epochs: 0,
} as const;
const data = process.env['TRIPLETLAB_DATA'];

test.beforeEach(() => {
  delete process.env['TRIPLETLAB_DATA'];
});
test.afterEach.always(() => {
  if (data === undefined) delete process.env['TRIPLETLAB_DATA'];
  else process.env['TRIPLETLAB_DATA'] = data;
});

test.serial(
  'without a folder pictures are drawn, once, and a small network learns them; the notes say so',
  async (t) => {
    const work = temporaryFolder();
    const own = await prepareOwnData(wanted, work);
    t.is(own.folder, join(work, 'drawn'));
    t.is(own.network, 'SmallResNet');
    t.regex(
      own.notes.join('; '),
      /drawn by code; SmallResNet from random weights instead of ResNet50: there are no weights none-such/,
    );
    t.is(own.plan.teachers!.configuration.num_repetitions, 2);
    const dataset = makeTripletDataset(own.plan.evaluation!.dataset);
    t.is(dataset.items.length, 124);
    t.true(dataset.directed && dataset.triplets.test.length / 3 > 100);
    t.is(
      (await prepareOwnData({ ...wanted, epochs: 5 }, work)).plan.students[2].configuration.optimization
        .num_training_epochs,
      5,
    );
    rmSync(work, { recursive: true });
  },
);

test.serial('a folder and weights that are here are taken as they are wanted', async (t) => {
  const work = temporaryFolder();
  const drawn = (await prepareOwnData(wanted, work)).folder;
  const small = await prepareOwnData({ ...wanted, folder: drawn, network: 'SmallResNet', directed: false }, work);
  t.deepEqual([small.notes, small.directed, small.name], [[], false, 'drawn']);
  t.false(small.plan.students[0].configuration.dataset.directed);
  t.false(small.plan.evaluation!.dataset.directed);
  const given = { ...wanted, folder: work, weights: drawn }; // any path that exists
  const { network, plan, notes } = await prepareOwnData(given, work);
  t.deepEqual([network, notes], ['ResNet50', []]);
  t.deepEqual(
    plan.students.map(({ configuration }) => configuration.model.weights),
    [drawn, drawn, drawn],
  );
  t.is(plan.students[0].configuration.optimization.num_training_epochs, 4);
  await t.throwsAsync(prepareOwnData({ ...wanted, network: 'ViT' as never }, work), {
    message: 'unsupported network: ViT; there are plans for ResNet50, SmallResNet',
  });
  rmSync(work, { recursive: true });
});
