import test from 'ava';
import { loadTrainingConfiguration } from '../../src/configuration/load.js';
import { repetitionConfiguration } from '../../src/configuration/repetitions.js';
import { train } from '../../src/training/index.js';
import { folderOf } from '../datasets/folders.js';

const teachers = (folder: string, ...overrides: string[]) =>
  loadTrainingConfiguration('configurations/synthetic/synthetic_p_ste.yaml', [
    `run.output_directory_name=${folder}`,
    'dataset.num_items=30',
    'dataset.num_triplets=900',
    'dataset.batch_size=60',
    'optimization.num_training_epochs=2',
    'num_repetitions=1',
    ...overrides,
  ]);

test('runs with one number of their draws begin and go on alike; others do not', async (t) => {
  const losses = async (...overrides: string[]) => {
    const [{ epochs }] = await train(teachers(folderOf(t), ...overrides));
    return epochs.map(({ training_loss, metric }) => [training_loss, metric]);
  };
  const first = await losses('run.id=7');
  t.deepEqual(await losses('run.id=9', 'run.draw=7'), first);
  t.notDeepEqual(await losses('run.id=9'), first);
});

test('repetitions count the number of their draws on; the same as the id, it says nothing', (t) => {
  const run = (i: number, ...overrides: string[]) => repetitionConfiguration(teachers('x', ...overrides), i).run;
  t.like(run(2, 'run.id=9', 'run.draw=7', 'offset_for_repetition=3'), { id: 15, draw: 13 });
  t.false('draw' in run(0, 'run.id=9', 'run.draw=9'));
  t.false('draw' in run(1, 'run.id=9'));
});
