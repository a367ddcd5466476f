import test from 'ava';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpConfiguration, loadConfiguration, resolveConfiguration } from '../../src/configuration/index.js';
import { UsageError } from '../../src/errors.js';
import { parseYaml } from '../../src/configuration/yaml.js';
import { packageRoot } from '../../src/assets.js';

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-configuration-'));
test.after.always(() => {
  rmSync(folder, { recursive: true });
});
const write = (name: string, text: string) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

test('a key that is there twice is refused with its line', (t) => {
  const file = write('twice.yaml', 'dataset:\n  name: ThingsTInd\n  batch_size: 9\n  batch_size: 12\n');
  t.throws(() => loadConfiguration(file), {
    instanceOf: UsageError,
    message: `duplicate key: batch_size in ${file}, line 4; keep one of the two`,
  });
});

test('what is no YAML is refused with its line', (t) => {
  for (const [text, reason] of [
    ['dataset:\n  name: [1\n', /, line 3: deficient indentation/],
    ['a: 1\n---\nb: 2\n', /: expected a single document/],
    ['a: !!js/function x', /, line 1: unknown scalar tag/],
    ['a: &x [1]\nb: *x\n', /, line 2: aliases exceeded/],
    ['['.repeat(100), /, line 1: nesting exceeded/],
  ] as const) {
    const { message } = t.throws(() => loadConfiguration(write('bad.yaml', text)), { instanceOf: UsageError })!;
    t.regex(message, reason);
    t.true(message.startsWith(`invalid YAML in ${join(folder, 'bad.yaml')}`));
    t.false(message.includes('\n'));
  }
});

test('an empty file, a list and a file far too large are no configurations', (t) => {
  t.throws(() => loadConfiguration(write('empty.yaml', ' \n')), { message: /^invalid configuration: / });
  t.throws(() => loadConfiguration(write('list.yaml', '- a\n')), { message: /^invalid configuration: / });
  t.throws(() => loadConfiguration(write('large.yaml', '#'.repeat((1 << 20) + 1))), {
    instanceOf: UsageError,
    message: /^invalid configuration: .* has 1048577 bytes; /,
  });
});

test('a folder is no configuration', (t) => {
  t.throws(() => loadConfiguration(folder), { instanceOf: UsageError, message: /^unknown configuration: / });
});

test.serial('a configuration is found from any folder, and with the original prefix', (t) => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const expected = loadConfiguration(join(packageRoot(), 'configurations/things/things_e.yaml'));
    t.deepEqual(loadConfiguration('configurations/things/things_e.yaml'), expected);
    t.deepEqual(loadConfiguration('tdml/configurations/things/things_e.yaml'), expected);
    t.deepEqual(loadConfiguration('./tdml/configurations/things/things_e.yaml'), expected);
  } finally {
    process.chdir(before);
  }
});

test('a wrong value is blamed on its file', (t) => {
  const file = write('wrong.yaml', 'dataset: {name: ThingsTInd, version: psycho, batch_size: big}\n');
  t.throws(() => loadConfiguration(file), {
    message: `invalid dataset.batch_size: "big" in ${file}; an integer of at least 1`,
  });
});

test('defaults are filled in', (t) => {
  const training = loadConfiguration('configurations/things/things_p_ste.yaml');
  t.like(training, { engine: 'auto', seed: 0, num_repetitions: 1, offset_for_repetition: 1 });
  const evaluation = loadConfiguration('configurations/things/things_e.yaml');
  t.like(evaluation, { engine: 'auto', seed: 0, use_gpu: true });
  t.is(evaluation.model, undefined);
});

test('ids may look like numbers', (t) => {
  const file = 'configurations/things/things_p_ste.yaml';
  t.is(loadConfiguration(file, ['new_source_embeddings_id=5']).new_source_embeddings_id, '5');
  t.is(loadConfiguration(file, ['new_source_embeddings_id=007']).new_source_embeddings_id, '007');
});

test('a configuration is left as it was', (t) => {
  const raw = parseYaml(
    'dataset: {name: CUBSEC, version: source_embedding_from_class_information, batch_size: 4}\npreprocessing: {name: ViTImagePreprocessing}',
    'x',
  );
  const before = structuredClone(raw);
  const configuration = resolveConfiguration(raw, ['dataset.batch_size=6', 'subset_name=test']);
  t.deepEqual(raw, before);
  t.is(configuration.dataset.batch_size, 6);
});

test('what is dumped loads to the same configuration and dumps to the same text', (t) => {
  for (const overrides of [
    [],
    ['optimization.initial_learning_rate=1e-7', 'optimization.weight_decay=123456789012345680000000'],
    ['new_source_embeddings_id="on"', 'output_directory_name=007', 'num_repetitions=3', 'engine=wasm'],
    ["output_directory_name='a: b # c'", 'dataset.data_directory_name="null"'],
  ]) {
    const configuration = loadConfiguration('configurations/things/things_p_ste.yaml', overrides);
    const text = dumpConfiguration(configuration);
    const again = loadConfiguration(write('dumped.yaml', text));
    t.deepEqual(again, configuration);
    t.is(dumpConfiguration(again), text);
  }
});

test('the order of keys in a file does not show in what is dumped', (t) => {
  const configuration = loadConfiguration('configurations/synthetic/synthetic_p_ste.yaml');
  const reversed = Object.fromEntries(
    Object.entries(configuration)
      .reverse()
      .map(([key, value]: [string, unknown]) => [
        key,
        typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).reverse()) : value,
      ]),
  );
  t.is(dumpConfiguration(resolveConfiguration(reversed)), dumpConfiguration(configuration));
});
