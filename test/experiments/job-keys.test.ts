import test from 'ava';
import fc from 'fast-check';
import { loadTrainingConfiguration, resolveConfiguration } from '../../src/configuration/index.js';
import type { TrainingConfiguration } from '../../src/configuration/types.js';
import { loadTable } from '../../src/experiments/index.js';
import { runKey } from '../../src/training/index.js';

const configurations = [
  'things/things_p_ste',
  'yummly/yummly_se_rf',
  'ihsjc/ihsjc_d_ms',
  'cub/cub_se_stmr_ns_vits',
].map((name) => loadTrainingConfiguration(`configurations/${name}.yaml`));

type Json = Record<string, unknown>;

/** All keys that have a value, with dots. */
function keysOf(value: Json, path = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null ? keysOf(inner as Json, `${path}${key}.`) : [`${path}${key}`],
  );
}

/** A copy in which one value is another. */
function changed(configuration: TrainingConfiguration, key: string): TrainingConfiguration {
  const copy = structuredClone(configuration) as unknown as Json;
  const path = key.split('.');
  const last = path.pop()!;
  const section = path.reduce((at, name) => at[name] as Json, copy);
  const value = section[last];
  section[last] = typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${String(value)}x`;
  return copy as unknown as TrainingConfiguration;
}

/** What changes where and how fast, but not what comes out. Written out here again, on purpose. */
const harmless = [
  'run.output_directory_name',
  'dataset.raw_data_directory_name',
  'dataset.data_directory_name',
  'dataset.different_splits',
  'optimization.micro_batch_size',
  'use_gpu',
  'engine',
  'num_repetitions',
  'offset_for_repetition',
];

test('a run keeps its key when what changes is harmless, and gets another one when anything else does', (t) => {
  const all = configurations.flatMap((configuration) =>
    keysOf(configuration as unknown as Json).map((key) => ({ configuration, key })),
  );
  t.true(all.length > 80);
  for (const { configuration, key } of all) {
    const same = runKey(changed(configuration, key)) === runKey(configuration);
    t.is(same, harmless.includes(key), `${configuration.model.loss_type} ${key}`);
  }
});

test('the key does not depend on the order of keys', (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...configurations), fc.infiniteStream(fc.nat()), (configuration, numbers) => {
      const shuffled = (value: unknown): unknown => {
        if (typeof value !== 'object' || value === null) return value;
        const entries = Object.entries(value).map(
          ([key, inner]) => [numbers.next().value as number, key, shuffled(inner)] as const,
        );
        entries.sort(([a], [b]) => a - b);
        return Object.fromEntries(entries.map(([, key, inner]) => [key, inner]));
      };
      return runKey(shuffled(configuration) as TrainingConfiguration) === runKey(configuration);
    }),
    { numRuns: 50 },
  );
  t.pass();
});

test('different values never share a key', (t) => {
  const change = fc.record({
    'model.embedding_size': fc.integer({ min: 1, max: 4 }),
    'optimization.initial_learning_rate': fc.constantFrom(0.1, 0.01, 0.001),
    'run.id': fc.integer({ min: 0, max: 3 }),
    seed: fc.integer({ min: 0, max: 3 }),
  });
  const configured = (values: object) =>
    resolveConfiguration(
      configurations[0],
      Object.entries(values).map(([key, value]) => `${key}=${value}`),
    ) as TrainingConfiguration;
  fc.assert(
    fc.property(change, change, (a, b) => {
      const equal = JSON.stringify(a) === JSON.stringify(b);
      return (runKey(configured(a)) === runKey(configured(b))) === equal;
    }),
    { numRuns: 60 },
  );
  t.pass();
});

test('a student has another key with other teachers, and so has its evaluation', (t) => {
  const jobs = loadTable('teacher-size', { profile: 'laptop' }).jobs.filter(({ label }) =>
    /run-0(601|991)/.test(label),
  );
  t.is(jobs.length, 4);
  t.is(new Set(jobs.map(({ key }) => key)).size, 4);
});

test('keys are the same wherever the experiments lie', (t) => {
  const keys = (folder: string) => loadTable('class-datasets', { profile: 'smoke', folder }).jobs.map(({ key }) => key);
  t.deepEqual(keys('here'), keys('/there'));
});
