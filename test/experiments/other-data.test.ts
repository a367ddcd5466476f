import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Evaluation } from '../../src/evaluation/index.js';
import {
  collectTable,
  loadAblation,
  reproduce,
  resolvePlan,
  runTable,
  type Ablation,
} from '../../src/experiments/index.js';
import { doOnce } from '../../src/experiments/jobs/do-once.js';
import type { EvaluationJob } from '../../src/experiments/jobs/job.js';
import { recordOf, resultOf } from '../../src/experiments/jobs/result.js';
import { planSteps } from '../../src/experiments/plans/plan-steps.js';
import { train } from '../../src/training/index.js';
import { temporaryFolder } from '../command-line.js';
import { refusalOf, writeTree } from '../datasets/folders.js';
import { yummlyTree, type YummlyContents } from '../datasets/yummly-folder.js';

const ITEMS = 20;
const stems = Array.from({ length: ITEMS }, (_, i) => `dish${String(i).padStart(2, '0')}`);

/** Answers by distance on a line, every `step`-th of all; with `turned`, the other way round. */
function contents(step = 1, turned = false): YummlyContents {
  const rows: number[][] = [];
  for (let a = 0; a < ITEMS; a++)
    for (let b = 0; b < ITEMS; b++)
      for (let c = 0; c < ITEMS; c++)
        if (a !== b && a !== c && Math.abs(a - b) < Math.abs(a - c)) rows.push(turned ? [a, c, b] : [a, b, c]);
  return { stems, rows: rows.filter((_, i) => i % step === 0), ingredients: {} };
}

const base = temporaryFolder();
const given = process.env['TRIPLETLAB_DATA'];
test.after.always(() => {
  rmSync(base, { recursive: true, force: true });
  if (given === undefined) delete process.env['TRIPLETLAB_DATA'];
  else process.env['TRIPLETLAB_DATA'] = given;
});

const whole = join(base, 'whole');
const cut = join(base, 'cut');
writeTree(join(whole, 'yummly'), yummlyTree(contents(), false));
writeTree(join(cut, 'yummly'), yummlyTree(contents(2), false));

const ablation = (): Ablation =>
  loadAblation({
    data: 'yummly',
    train: 'teachers',
    setting: 'model.embedding_size',
    values: [2, 4],
    draws: 1,
    overrides: ['optimization.num_training_epochs=2', 'dataset.batch_size=300', 'engine=wasm'],
    folder: join(base, 'experiments'),
  });

test.serial('a table is not taken for one on a cut data set under another root', async (t) => {
  process.env['TRIPLETLAB_DATA'] = whole;
  await runTable(ablation());
  process.env['TRIPLETLAB_DATA'] = cut;
  const message = await refusalOf(t, runTable(ablation()));
  t.regex(message, /^draw 1, model\.embedding_size 2: yummly_p_ste run-\d+ was done on other data \(labels: [\da-f]{16} there, [\da-f]{16} here\); give the data it was done on, or another folder/); // prettier-ignore
  process.env['TRIPLETLAB_DATA'] = whole;
  const report = await runTable(ablation());
  t.deepEqual([report.done, report.all], [2, 2]);
});

test.serial('where the data are not here, or records do not name them, that is said', async (t) => {
  process.env['TRIPLETLAB_DATA'] = base; // has no yummly
  const said: string[] = [];
  await runTable(ablation(), { log: (line) => said.push(line) });
  t.true(said.includes('cannot check the data of 2 finished jobs: they are not here'));
  process.env['TRIPLETLAB_DATA'] = whole;
  const { folder, jobs } = ablation();
  const [job] = jobs;
  if (job.kind !== 'training') return void t.fail();
  const [run] = job.runs;
  const file = join(folder, run.run.output_directory_name, recordOf(run, folder)!.name, 'run.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/"inputs": \{[^}]*\},/, ''));
  await runTable(ablation(), { log: (line) => said.push(line) });
  t.is(
    said.at(-1),
    'cannot check the data of 1 finished job: the records are of an earlier version, which did not keep their checksums',
  );

  writeFileSync(file, text.replace(/("labels": ")[\da-f]{4}/, '$10000'));
  const [mixed] = collectTable(ablation()).data;
  t.regex(mixed, /^runs on different data under one name, YummlyTInd psycho~0: run-\d+: labels 0000\w{12}; run-\d+: labels /); // prettier-ignore
  writeFileSync(file, text);
  t.notRegex(collectTable(ablation()).data.join(), /different data/);
});

const own = (turned: boolean) => ({
  ...Object.fromEntries(stems.map((stem) => [`images/${stem}.jpg`, '-'])),
  'triplets.csv': contents(3, turned)
    .rows.map((row) => row.map((i) => stems[i]).join())
    .join('\n'),
});

const small = ['dataset.batch_size=60', 'optimization.num_training_epochs=2', 'engine=wasm'];
const onFolder = (folder: string): string => `dataset.raw_data_directory_name=${folder}`;

test.serial('a plan is not taken for one on triplets that were edited', async (t) => {
  const folder = join(base, 'own');
  writeTree(folder, own(false));
  const plan = resolvePlan({
    name: 'own',
    teachers: {
      configuration: 'configurations/custom/custom_p_ste.yaml',
      overrides: [...small, 'num_repetitions=2', onFolder(folder)],
    },
    source_embeddings_id: 'two',
  });
  const first = await reproduce(plan, { base });
  writeTree(folder, own(true));
  t.regex(await refusalOf(t, reproduce(plan, { base })), /holds a run on other data \(labels/);
  writeTree(folder, own(false));
  t.deepEqual(await reproduce(plan, { base }), first);
});

test.serial('an evaluation is kept for its questions alone', async (t) => {
  const folder = join(base, 'questions');
  writeTree(folder, own(false));
  const part = { configuration: 'configurations/custom/custom_p_ste.yaml', overrides: [...small, onFolder(folder)] };
  const evaluation = { ...part, overrides: [...part.overrides, 'subset_name=validation'] };
  const plan = resolvePlan({ name: 'questions', direct: [part], evaluation });
  await train(plan.direct[0].configuration, { base });
  const ask = async () => {
    const [, job] = (await planSteps(plan, base))[0].jobs;
    await doOnce(job, base);
    return resultOf<Evaluation>(job as EvaluationJob, base)!.found;
  };
  const first = await ask();
  t.deepEqual(await ask(), first);
  writeTree(folder, own(true));
  const turned = await ask();
  t.true(Math.abs(first.value + turned.value - 1) < 0.05, `${first.value} ${turned.value}`); // near is far now
  t.not(turned.value, first.value);
});
