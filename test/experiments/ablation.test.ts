import test from 'ava';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { holmPValues } from '../../src/statistics/holm.js';
import { attemptsOf } from '../../src/experiments/jobs/attempts.js';
import {
  ablationCells,
  ablationVerdicts,
  compareAblation,
  differencePoints,
  drawsNeeded,
  watchAblation,
  loadAblation,
  parseSettingValues,
  runTable,
  valuePoints,
  variantDifferences,
  type Ablation,
  type WantedAblation,
} from '../../src/experiments/index.js';
import type { RunRecord } from '../../src/training/index.js';
import { temporaryFolder, tripletlab } from '../command-line.js';

const folders: string[] = [];
const temporary = (): string => {
  const folder = temporaryFolder();
  folders.push(folder);
  return folder;
};
test.after.always(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const student: WantedAblation = {
  data: 'synthetic',
  train: 'student',
  setting: 'model.embedding_size',
  values: [8, 32],
  draws: 3,
};
const teachers: WantedAblation = {
  data: 'synthetic',
  train: 'teachers',
  setting: 'model.tau',
  values: [0.05, 0.25],
  draws: 3,
  overrides: ['optimization.num_training_epochs=1', 'engine=wasm'],
};

test("Holm's correction is the closed test of Bonferroni's", (t) => {
  const naive = (p: readonly number[]): number[] =>
    p.map((_, i) => {
      let most = 0;
      for (let subset = 1; subset < 2 ** p.length; subset++) {
        if (!(subset & (1 << i))) continue;
        const members = p.filter((_, j) => subset & (1 << j));
        most = Math.max(most, Math.min(1, members.length * Math.min(...members)));
      }
      return most;
    });
  for (const p of [[0.01, 0.04, 0.03, 0.005], [0.5], [0.2, 0.2, 0.9], [0.016, 0.016, 0.016, 0.25]])
    t.deepEqual(
      (holmPValues(p) as number[]).map((one) => one.toFixed(12)),
      naive(p).map((one) => one.toFixed(12)),
    );
  t.deepEqual(holmPValues([0.02, null, 0.04]), [0.04, null, 0.04]);
});

test('draws of all values have the same data, seeds and run; one key differs, and the configured value is the reference', (t) => {
  const ablation = loadAblation(student);
  t.is(ablation.reference.name, '32');
  t.deepEqual(variantDifferences(ablation), [{ key: 'model.embedding_size', values: { 8: '8', 32: '32' } }]);
  for (let k = 0; k < 3; k++) {
    const [a, b] = ablation.variants.map(({ draws }) => draws[k]);
    t.deepEqual({ ...a.compared, model: 0, run: 0 }, { ...b.compared, model: 0, run: 0 } as never);
    t.is(a.compared.run.id, b.compared.run.id);
    t.deepEqual([a.compared.seed, a.compared.dataset.data_seed], [k, k]);
    t.is(a.network!.evaluation.evaluation.dataset.data_seed, k);
    t.deepEqual(a.network!.evaluation.evaluation, b.network!.evaluation.evaluation);
  }
  // three draws: teachers and their embeddings once, two students with their evaluations
  t.is(ablation.jobs.length, 3 * (2 + 2 * 2));
  t.is(loadAblation({ ...student, values: [8, 16] }).reference.name, '8');
});

test('settings of the teachers: fewer are the first of the most, and only they differ', (t) => {
  const ablation = loadAblation({ ...student, setting: 'teachers.num_repetitions', values: [2, 5, 7], draws: 1 });
  t.is(ablation.reference.name, '5');
  t.deepEqual(
    variantDifferences(ablation).map(({ key }) => key),
    ['teachers.num_repetitions'],
  );
  const trained = ablation.jobs.filter(({ stage }) => stage === 'teachers');
  t.deepEqual(
    trained.map((job) => (job.kind === 'training' ? job.runs.length : 0)),
    [7],
  );
  const learnedFrom = ablation.jobs.flatMap((job) => (job.kind === 'embeddings' ? [job.runs.length] : []));
  t.deepEqual(learnedFrom, [2, 5, 7]);
  const tau = loadAblation({ ...student, setting: 'teachers.model.tau', values: [0.25, 0.5], draws: 1 });
  t.deepEqual(
    variantDifferences(tau).map(({ key }) => key),
    ['teachers.model.tau'],
  );
  t.is(tau.reference.name, '0.25');
});

test('yummly: a draw is a split, of teachers, students and test alike', (t) => {
  const ablation = loadAblation({ ...student, data: 'yummly', values: [128, 64], draws: 2 });
  t.is(ablation.reference.name, '128');
  for (const [k, { compared, configurations, network }] of ablation.variants[1].draws.entries()) {
    t.is(compared.dataset.version, `source_embedding~${k}`);
    t.is(configurations.teacher!.dataset.version, `psycho~${k}`);
    t.is(network!.evaluation.evaluation.dataset.version, `direct~${k}`);
  }
});

const refused: readonly (readonly [Partial<WantedAblation>, RegExp])[] = [
  [{ setting: 'model.embeding_size' }, /^unknown key: model\.embeding_size; did you mean model\.embedding_size\?$/],
  [{ setting: 'teachers.model.ta' }, /^unknown key: model\.ta; did you mean model\.tau\?$/],
  [{ values: [32, 'x'] }, /^invalid model\.embedding_size: "x"; an integer of at least 1$/],
  [{ values: [32] }, /^invalid values: 32; give at least two to compare$/],
  [
    { values: [32, 32] },
    /^invalid values: 32 and 32 of model\.embedding_size give the same runs; give only one of them$/,
  ],
  [
    { setting: 'engine', values: ['wasm', 'javascript'] },
    /^invalid values: wasm and javascript of engine give the same/,
  ],
  [{ setting: 'seed', values: [1, 2] }, /^invalid setting: seed; draws of all values differ in it alike$/],
  [
    { setting: 'dataset.num_items', values: [60, 90] },
    /^invalid setting: dataset\.num_items; all values need the same/,
  ],
  [{ setting: 'num_repetitions', values: [1, 2] }, /teachers\.num_repetitions is the number of teachers$/],
  [
    { setting: 'teachers.num_repetitions', values: [1, 2.5] },
    /^invalid teachers\.num_repetitions: 2\.5; give an integer of at least 1$/,
  ],
  [{ setting: 'model.loss_type', values: ['rkd', 'stmr'] }, /^missing model\.\w+ in .*; loss_type stmr needs it$/],
  [{ data: 'synthetik' }, /^unknown data: synthetik; did you mean synthetic\?$/],
  [{ train: 'students' }, /^unknown train: students; did you mean student\?$/],
  [{ draws: 0 }, /^invalid draws: 0; give an integer from 1 to 20$/],
  [{ overrides: ['dataset.num_items=60'] }, /^invalid setting: dataset\.num_items; /],
];
for (const [wrong, message] of refused)
  test(`refused before any work: ${JSON.stringify(wrong)}`, (t) => {
    t.throws(() => loadAblation({ ...student, ...wrong }), { message });
  });

test('a setting and its values as on a command line', (t) => {
  t.deepEqual(parseSettingValues('model.tau=0.5,1e-2,1'), { setting: 'model.tau', values: [0.5, 0.01, 1] });
  t.deepEqual(parseSettingValues('model.frozen_variables=bn,').values, ['bn', null]);
  t.throws(() => parseSettingValues('model.tau'), { message: /^invalid setting: model\.tau; write KEY=VALUE/ });
});

test('draws that are needed: with fewer, not even differences all of one sign could be significant', (t) => {
  for (const m of [1, 2, 3, 10]) {
    const n = drawsNeeded(m);
    const best = (draws: number): number => holmPValues(Array.from({ length: m }, () => 2 / 2 ** draws))[0]!;
    t.true(best(n) <= 0.05 && best(n - 1) > 0.05);
  }
});

/** The best FCT of every run, from the files alone: seed, then tau. */
function bestOf(folder: string): Map<string, number> {
  const records = readdirSync(join(folder, 'runs')).flatMap((key) =>
    readdirSync(join(folder, 'runs', key)).map(
      (run) => JSON.parse(readFileSync(join(folder, 'runs', key, run, 'run.json'), 'utf8')) as RunRecord,
    ),
  );
  return new Map(records.map(({ seed, configuration, best }) => [`${seed} ${configuration.model.tau}`, best!.value]));
}

const timesDone = ({ jobs }: Ablation, folder: string): number[] =>
  jobs.map(({ key }) => attemptsOf(key, folder).filter(({ end }) => end === 'done').length);

test('interrupted and gone on with; the numbers are those of the files, compared draw by draw', async (t) => {
  const folder = temporary();
  const ablation = loadAblation({ ...teachers, folder });
  const stop = new AbortController();
  let ended = 0;
  const onEnd = (): void => {
    if (++ended === 3) stop.abort();
  };
  await t.throwsAsync(runTable(ablation, { processes: 1, signal: stop.signal, onEnd }), { message: /^interrupted/ });
  const half = compareAblation(ablation);
  t.deepEqual(
    half.variants.map(({ row }) => row.n),
    [2, 1],
  );
  t.is(half.variants[0].comparison!.n, 1);
  const followed = watchAblation(ablation);
  t.regex(followed.progress(), /^3 of 6 jobs done, \d:\d\d left$/);
  t.deepEqual(
    followed.groups().map(({ name, records }) => [name, records.length]),
    [
      ['0.05', 2],
      ['0.25', 1],
    ],
  );
  await runTable(ablation, { processes: 1, onEnd: followed.ended, onUpdate: ({ records }) => followed.take(records) });
  t.is(followed.progress(), '6 of 6 jobs done');
  t.deepEqual(
    followed.groups().map(({ records }) => records.map(({ seed, epochs }) => [seed, epochs.length])),
    [0, 1].map(() => [0, 1, 2].map((seed) => [seed, 1])),
  );
  t.deepEqual(timesDone(ablation, folder), [1, 1, 1, 1, 1, 1]);

  const best = bestOf(folder);
  const differences = [0, 1, 2].map((seed) => best.get(`${seed} 0.05`)! - best.get(`${seed} 0.25`)!);
  const result = compareAblation(ablation);
  const [low, high] = result.variants;
  t.is(result.reference, high);
  t.is(high.comparison, undefined);
  const mean = differences.reduce((sum, one) => sum + one, 0) / 3;
  t.true(Math.abs(low.comparison!.mean - mean) < 1e-12);
  t.is(low.comparison!.higher, differences.filter((one) => one > 0).length);
  t.true(low.comparison!.interval!.low <= mean && mean <= low.comparison!.interval!.high);
  const signs = [0, 1, 2, 3, 4, 5, 6, 7].filter((s) => {
    const sum = differences.reduce((total, one, i) => total + (s & (1 << i) ? one : -one), 0);
    return Math.abs(sum) >= Math.abs(3 * mean) - 1e-12;
  });
  t.is(low.comparison!.pValue, signs.length / 8);
  t.deepEqual(
    differencePoints(result)[0].points.map(({ value }) => value),
    differences,
  );
  t.deepEqual(
    valuePoints(result)[1].points,
    [0, 1, 2].map((seed) => ({ draw: seed + 1, value: best.get(`${seed} 0.25`)! })),
  );
  t.regex(
    ablationVerdicts(result)[0],
    /^model\.tau 0\.05 instead of 0\.25: .*; p \S+ by the paired sign-flip permutation test: no significant difference; with fewer than 6 draws no/,
  );
  t.is(ablationCells(result)[0].draws, 3);

  // another value costs its own runs alone, and leaves the others as they are
  const more = loadAblation({ ...teachers, values: [0.05, 0.25, 0.1], folder });
  const begun: string[] = [];
  await runTable(more, { processes: 1, onJob: ({ label }) => begun.push(label) });
  t.deepEqual(
    begun.map((label) => label.replace(/:.*/, '')),
    [1, 2, 3].map((k) => `draw ${k}, model.tau 0.1`),
  );
  t.deepEqual(compareAblation(more).variants[0].row.runs, low.row.runs);

  // a draw that one value lacks is left out; those after it are still compared with their own
  const { run } = ablation.variants[0].draws[1].compared;
  rmSync(join(folder, run.output_directory_name), { recursive: true });
  const holed = compareAblation(ablation).variants[0].comparison!;
  t.is(holed.n, 2);
  t.true(Math.abs(holed.mean - (differences[0] + differences[2]) / 2) < 1e-12);
});

test('tripletlab compare: a student of fewer numbers, from the command line', (t) => {
  const folder = temporary();
  const args = [
    'compare',
    'model.embedding_size=32,2',
    'engine=wasm',
    'optimization.num_training_epochs=1',
    'teachers.optimization.num_training_epochs=2',
    'teachers.num_repetitions=2',
    '--draws=1',
    `--out=${folder}`,
  ];
  const { status, stdout, stderr } = tripletlab(args);
  t.is(status, 0, stderr);
  t.regex(stderr, /^differs +model\.embedding_size$/m);
  t.regex(stdout, /^32 +1 +0\.\d+ /m);
  t.regex(
    stdout,
    /^model\.embedding_size 2 instead of 32: FCT, test differs by -?0\.\d+, (lower|higher) on 1 of 1 draws/m,
  );
  const wrong = tripletlab(['compare', 'model.embeding_size=32,2']);
  t.is(wrong.status, 1);
  t.is(wrong.stderr, 'tripletlab: unknown key: model.embeding_size; did you mean model.embedding_size?\n');
});
