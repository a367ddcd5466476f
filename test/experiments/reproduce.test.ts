import test from 'ava';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../src/errors.js';
import { reproduce, resolvePlan, type Results } from '../../src/experiments/index.js';
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
    { configuration: 'configurations/synthetic/synthetic_d_ste.yaml', overrides: [...small, 'dataset.batch_size=60'] },
  ],
  evaluation: {
    configuration: 'configurations/synthetic/synthetic_img_e.yaml',
    overrides: ['dataset.num_items=30', 'dataset.num_triplets=900', 'preprocessing.image_size=16'],
  },
  evaluate_start: true,
};

const numbers = ({ rows }: Results) => rows.map((row) => ({ ...row, seconds: 0 }));

test.serial('a plan that is stopped again and again ends with the numbers of one that is not', async (t) => {
  const [whole, broken] = [temporaryFolder(), temporaryFolder()];
  const expected = await reproduce(resolvePlan(plan), { base: whole });
  t.deepEqual(
    expected.rows.map(({ route }) => route),
    ['teacher', 'teacher', 'student', 'direct'],
  );
  for (const { value, start } of expected.rows.slice(2)) t.true(value! > 0 && value! <= 1 && start! > 0 && start! <= 1);
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
    4,
  );
  rmSync(whole, { recursive: true });
  rmSync(broken, { recursive: true });
});

test('plans that cannot be carried out are refused in one line', (t) => {
  const refused = (changes: object): string =>
    t.throws(() => resolvePlan({ ...plan, ...changes }), { instanceOf: UsageError }).message;
  t.regex(refused({ studnets: [] }), /^invalid plan: all in the plan: .*studnets/);
  t.regex(refused({ source_embeddings_id: undefined }), /^missing source_embeddings_id in the plan; /);
  t.regex(refused({ teachers: { configuration: 'configurations/yummly/yummly_e.yaml' } }), /unknown key: run/);
  t.regex(refused({ direct: [plan.direct[0], plan.direct[0]] }), /run 1031 in the plan is of synthetic_d_ste and of/);
  t.regex(refused({ students: [{ ...plan.students[0], overrides: ['model.loss_type=rdk'] }] }), /rdk/);
});
