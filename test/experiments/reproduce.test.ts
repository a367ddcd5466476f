import test from 'ava';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../src/errors.js';
import { loadPlan, reproduce, resolvePlan, type Results } from '../../src/experiments/index.js';
import { lockRun } from '../../src/training/runs/run-lock.js';
import { temporaryFolder } from '../command-line.js';

const small = [
  'dataset.num_items=30',
  'dataset.num_triplets=900',
  'preprocessing.image_size=16',
  'model.embedding_size=8',
  'optimization.num_training_epochs=2',
];
const plan = {
  name: 'small',
  teachers: {
    configuration: 'configurations/synthetic/synthetic_p_ste.yaml',
    overrides: ['dataset.num_items=30', 'dataset.num_triplets=900', 'dataset.batch_size=60', 'num_repetitions=2'],
  },
  source_embeddings_id: 'pt_ste2',
  students: [
    { configuration: 'configurations/synthetic/synthetic_se_rkd.yaml', overrides: [...small, 'dataset.batch_size=7'] },
  ],
  direct: [
    {
      configurations: ['configurations/synthetic/synthetic_d_ste.yaml'],
      overrides: [...small, 'dataset.batch_size=60', 'dataset.num_training_triplets=60'],
    },
  ],
  evaluation: {
    configuration: 'configurations/synthetic/synthetic_img_e.yaml',
    overrides: ['dataset.num_items=30', 'dataset.num_triplets=900', 'preprocessing.image_size=16'],
  },
  evaluate_start: true,
  evaluate_features: true,
};

const numbers = ({ rows }: Results) => rows.map((row) => ({ ...row, seconds: 0 }));

test.serial('a plan that is stopped again and again ends with the numbers of one that is not', async (t) => {
  const [whole, broken] = [temporaryFolder(), temporaryFolder()];
  const expected = await reproduce(resolvePlan(plan), { base: whole });
  t.deepEqual(
    expected.rows.map(({ route }) => route),
    ['teacher', 'teacher', 'features', 'student', 'direct'],
  );
  for (const { value, start } of expected.rows.slice(3)) t.true(value! > 0 && value! <= 1 && start! > 0 && start! <= 1);
  t.true(existsSync(join(whole, 'modeling/small/embeddings/embeddings_pt_ste2.npz')));
  let results: Results | undefined;
  let stops = 0;
  for (let attempt = 0; results === undefined && attempt < 40; attempt++) {
    const controller = new AbortController();
    let updates = 0;
    const options = {
      base: broken,
      signal: controller.signal,
      onUpdate: ({ epochEnded }: { epochEnded: boolean }) => {
        if (epochEnded && ++updates > 1) controller.abort();
      },
    };
    try {
      results = await reproduce(resolvePlan(plan), options);
    } catch (error) {
      if ((error as UsageError).exitCode !== 130) throw error;
      stops++;
    }
  }
  t.true(stops >= 2, `${stops} stops`);
  t.deepEqual(numbers(results!), numbers(expected));
  t.deepEqual(
    (JSON.parse(readFileSync(join(broken, 'modeling/small/results.json'), 'utf8')) as Results).rows.length,
    5,
  );
  // without what earlier versions did not write, runs still count
  for (const name of ['jobs', 'results', 'results.json'])
    rmSync(join(whole, 'modeling/small', name), { recursive: true });
  const again = await reproduce(resolvePlan(plan), { base: whole, onUpdate: () => t.fail('a run is trained again') });
  t.deepEqual(again, expected);
  rmSync(whole, { recursive: true });
  rmSync(broken, { recursive: true });
});

test.serial('a job that fails leaves the others alone; its reason is thrown at the end', async (t) => {
  const base = temporaryFolder();
  const [direct] = plan.direct;
  const twice = {
    ...direct,
    overrides: [...direct.overrides, 'optimization.num_training_epochs=1', 'num_repetitions=2'],
  };
  const failing = resolvePlan({ name: 'failing', direct: [twice], evaluation: plan.evaluation });
  const place = join(base, failing.folder);
  mkdirSync(join(place, 'runs/run-1031/letter'), { recursive: true }); // lies where its run would
  const lines: string[] = [];
  const refused = { instanceOf: UsageError, message: /run-1031 holds letter but no run\.json/ };
  await t.throwsAsync(reproduce(failing, { base, log: (line) => lines.push(line) }), refused);
  t.true(lines.some((line) => /^synthetic_d_ste run-1031 failed: .*letter/.test(line)));
  const { rows } = JSON.parse(readFileSync(join(place, 'results.json'), 'utf8')) as Results;
  t.deepEqual(
    rows.map(({ run, value }) => [run, typeof value]),
    [['run-1032', 'number']],
  );
  rmSync(base, { recursive: true });
});

test.serial('two processes share a plan: a run that another one is at comes last', async (t) => {
  const base = temporaryFolder();
  const twice = { ...plan.students[0], overrides: [...plan.students[0].overrides, 'num_repetitions=2'] };
  const shared = resolvePlan({ ...plan, students: [twice], evaluation: undefined });
  const folder = join(base, shared.folder, 'runs', 'run-1021');
  mkdirSync(folder, { recursive: true });
  const release = lockRun(folder, 'run-1021'); // as another process would
  const stages: string[] = [];
  const lines: string[] = [];
  const results = await reproduce(shared, {
    base,
    log: (line) => lines.push(line),
    onStage: (stage) => {
      stages.push(stage);
      if (stage.endsWith('run-1022')) release();
    },
  });
  t.true(lines.some((line) => /^run-1021 is being trained by process \d+ on .*: left for later$/.test(line)));
  t.deepEqual(
    stages.slice(2).map((stage) => stage.split(' ').pop()),
    ['run-1021', 'run-1031', 'run-1022', 'run-1021'], // all once before any a second time
  );
  t.deepEqual(
    results.rows.slice(2).map(({ run }) => run),
    ['run-1021', 'run-1031', 'run-1022'],
  );
  rmSync(base, { recursive: true });
});

test('further settings go to all trainings or to a part of the plan, and where data lie to the evaluation, too', (t) => {
  const settings = ['seed=3', 'engine=wasm', 'students.optimization.num_training_epochs=7', 'evaluation.seed=4'];
  const { teachers, students, direct, evaluation } = resolvePlan(plan, [...settings, 'teachers.num_repetitions=3']);
  const trained = [teachers!, ...students, ...direct].map(({ configuration }) => configuration);
  t.deepEqual(
    trained.map(({ seed }) => seed),
    [3, 3, 3],
  );
  t.deepEqual(
    trained.map(({ num_repetitions }) => num_repetitions),
    [3, 1, 1],
  );
  t.deepEqual(
    trained.slice(1).map(({ optimization }) => optimization.num_training_epochs),
    [7, 2],
  );
  t.deepEqual([evaluation!.seed, evaluation!.engine], [4, 'wasm']);
  const folder = join(temporaryFolder(), 'shoes: new');
  mkdirSync(folder);
  const own = loadPlan('configurations/plans/your-own-data.yaml', [
    `dataset.raw_data_directory_name=${JSON.stringify(folder)}`,
  ]);
  for (const { dataset } of [...own.students.map(({ configuration }) => configuration), own.evaluation!])
    t.is(dataset.raw_data_directory_name, folder);
  t.throws(() => resolvePlan(plan, ['studnets.seed=1']), { message: /unknown key: studnets/ });
  t.throws(() => resolvePlan({ ...plan, direct: [] }, ['direct.seed=1']), {
    instanceOf: UsageError,
    message: 'unknown part: direct in direct.seed=1; this plan has teachers, students, evaluation',
  });
});

test.serial('with data seeds, the whole route anew on the data of each', async (t) => {
  const base = temporaryFolder();
  const drawn = resolvePlan({ ...plan, data_seeds: [3, 4], evaluate_features: false }, [
    'optimization.num_training_epochs=1',
  ]);
  t.is(drawn.draws.length, 2);
  for (const [i, { folder, teachers, students, direct, evaluation, draws }] of drawn.draws.entries()) {
    t.is(folder, `modeling/small/data-${3 + i}`);
    for (const { configuration } of [teachers!, ...students, ...direct])
      t.deepEqual([configuration.seed, configuration.dataset.data_seed], [3 + i, 3 + i]);
    t.is(evaluation!.dataset.data_seed, 3 + i);
    t.is(students[0].configuration.dataset.data_directory_name, `${folder}/embeddings`);
    t.deepEqual(draws, []);
  }
  const stages: string[] = [];
  const { rows, count } = await reproduce(drawn, { base, onStage: (stage) => stages.push(stage) });
  t.deepEqual(
    rows.map(({ route, seed }) => [route, seed]),
    [3, 4].flatMap((seed) => ['teacher', 'teacher', 'student', 'direct'].map((route) => [route, seed])),
  );
  t.regex(count!, /^\d+, \d+ triplets$/);
  t.true(stages.includes('data 2 of 2: direct synthetic_d_ste run-1031'));
  // Each draw alone comes to the same.
  const [, second] = drawn.draws;
  const alone = await reproduce(second, { base });
  t.deepEqual(numbers(alone), numbers({ ...alone, rows: rows.slice(4) }));
  const stored = JSON.parse(readFileSync(join(base, 'modeling/small/results.json'), 'utf8')) as Results;
  t.deepEqual(stored.rows, rows);
  rmSync(base, { recursive: true });
});

test('plans that cannot be carried out are refused in one line', (t) => {
  const refused = (changes: object): string =>
    t.throws(() => resolvePlan({ ...plan, ...changes }), { instanceOf: UsageError }).message;
  t.regex(refused({ studnets: [] }), /^invalid plan: all in the plan: .*studnets/);
  t.regex(refused({ direct: [{ ...plan.direct[0], configurations: [] }] }), /^invalid plan: direct/);
  t.regex(refused({ source_embeddings_id: undefined }), /^missing source_embeddings_id in the plan; /);
  t.regex(refused({ teachers: { configuration: 'configurations/yummly/yummly_e.yaml' } }), /unknown key: run/);
  t.regex(
    refused({ direct: [plan.direct[0], plan.direct[0]] }),
    /run 1031 in the plan belongs to synthetic_d_ste and to/,
  );
  t.regex(refused({ data_seeds: [1, 2, 1] }), /^invalid plan: data_seeds of the plan names one twice/);
  t.regex(refused({ students: [{ ...plan.students[0], overrides: ['model.loss_type=rdk'] }] }), /rdk/);
});
