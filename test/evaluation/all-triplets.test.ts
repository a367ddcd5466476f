import test from 'ava';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { metricNote } from '../../src/configuration/notes.js';
import { teacherEnsemble } from '../../src/evaluation/index.js';
import { rmSync } from 'node:fs';
import { readRunRecord } from '../../src/training/runs/run-record.js';
import { join } from 'node:path';
import { temporaryFolder, tripletlab } from '../command-line.js';

test('an ensemble tells the FCT of each teacher over all triplets', (t) => {
  const rows = (...values: number[]) => ({ data: Float32Array.from(values), size: 1 });
  const triplets = Int32Array.of(0, 1, 2, 2, 1, 0, 1, 0, 2);
  // on a line: 0 1 3 answers 01|2 and 10|2 right, 21|0 wrong where 0 is the odd one; 5 1 0 the other way round
  const { each, fct, count } = teacherEnsemble([rows(0, 1, 3), rows(5, 1, 0)], triplets, false);
  t.deepEqual(each, [2 / 3, 1 / 3]);
  t.is(count, 3);
  t.true(fct >= 0 && fct <= 1);
});

test('training says that its FCT is a mean over batches, evaluate that its own is over all triplets', (t) => {
  const cwd = temporaryFolder();
  t.teardown(() => {
    rmSync(cwd, { recursive: true, force: true });
  });
  const data = ['dataset.num_items=20', 'dataset.num_triplets=400'];
  const quick = ['dataset.batch_size=30', 'num_repetitions=1', 'optimization.num_training_epochs=1', 'run.id=7'];
  const file = 'configurations/synthetic/synthetic_p_ste.yaml';
  const said =
    /FCT in training is the mean over validation batches, as in the original; tripletlab evaluate takes it over all triplets/;
  const trained = tripletlab(['train', file, ...data, ...quick], { cwd });
  t.regex(trained.stderr, said);
  const record = readRunRecord(join(cwd, 'modeling/runs/run-0007'));
  t.is(record.notes.filter((note) => said.test(note)).length, 1);
  const uri = 'model_uri=Psycho,embedding_size:32/modeling/runs/run-0007/checkpoint-best.pth';
  const asked = tripletlab(['evaluate', 'configurations/synthetic/synthetic_e.yaml', ...data, uri, 'subset_name=validation'], { cwd }); // prettier-ignore
  t.is(asked.status, 0, asked.stderr);
  const [, shown, count] = /^FCT: (0\.\d{4}) \(over all (\d+) validation triplets\)\n$/.exec(asked.stdout)!;
  t.is(Number(count), record.data.counts['validation']);
  t.true(Math.abs(Number(shown) - record.best!.value) < 0.2);
});

test('where both are one, nothing is said', (t) => {
  const file = 'configurations/synthetic/synthetic_p_ste.yaml';
  t.is(metricNote(loadTrainingConfiguration(file, ['optimization.evaluate_globally=true'])), undefined);
  t.is(metricNote(loadTrainingConfiguration('configurations/synthetic/synthetic_se_rkd.yaml')), undefined);
});
