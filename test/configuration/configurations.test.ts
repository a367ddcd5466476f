import test from 'ava';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationFiles, isTraining, loadConfiguration } from '../../src/configuration/index.js';
import { parseYaml } from '../../src/configuration/yaml.js';
import { packageRoot } from '../../src/assets.js';

type Sections = Record<string, Record<string, unknown> | string | boolean>;
const root = packageRoot();
const reference = JSON.parse(readFileSync(join(root, 'test/configuration/reference.json'), 'utf8')) as Record<
  string,
  Sections
>;
const read = (file: string) => parseYaml(readFileSync(join(root, file), 'utf8'), file) as Sections;
/** Keys in their order, which deep equality ignores. */
const keysOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).map(([key, at]) => [key, keysOf(at)]) : null;

test('the reference has 78 configurations to train and 6 to evaluate', (t) => {
  const all = Object.values(reference);
  t.is(all.length, 84);
  t.is(all.filter((configuration) => 'model' in configuration).length, 78);
});

test('there are no configurations but those of the reference, the synthetic and the custom ones, and two of ordinal teachers', (t) => {
  const others = configurationFiles().filter((file) => !/^configurations\/(synthetic|custom)\//.test(file));
  const ordinal = ['configurations/things/things_p_ckl.yaml', 'configurations/yummly/yummly_p_soe.yaml'];
  t.deepEqual(others, [...Object.keys(reference), ...ordinal].sort());
});

for (const [file, expected] of Object.entries(reference)) {
  test(`${file} has the reference's keys, in order, and values`, (t) => {
    const found = read(file);
    t.deepEqual(found, expected);
    t.deepEqual(keysOf(found), keysOf(expected));
  });

  test(`${file} loads to the same values`, (t) => {
    // The one that leaves a key to the command line.
    const overrides = file.endsWith('yummly_e.yaml') ? ['dataset.version=direct~0'] : [];
    const loaded = loadConfiguration(file, overrides) as unknown as Sections;
    t.is(isTraining(loadConfiguration(file, overrides)), 'model' in expected);
    for (const [section, values] of Object.entries(expected))
      if (typeof values === 'object') t.like(loaded[section], values);
      else t.is(loaded[section], values);
  });
}

test('the synthetic configurations load, directed and not, and those that evaluate do not train', (t) => {
  const synthetic = configurationFiles().filter((file) => file.startsWith('configurations/synthetic/'));
  for (const name of ['e', 'p_ste', 'p_ste_directed', 'p_trip', 'p_trip_directed', 'p_soe'])
    t.true(synthetic.includes(`configurations/synthetic/synthetic_${name}.yaml`), name);
  for (const file of synthetic) {
    const configuration = loadConfiguration(file);
    t.is(isTraining(configuration), !file.endsWith('_e.yaml'), file);
    t.is(configuration.dataset.directed, file.endsWith('_directed.yaml'), file);
    t.is(configuration.dataset.raw_data_directory_name, null);
  }
});

test('the custom configurations load with a folder, ask for one without, and are otherwise as those of Yummly', (t) => {
  const custom = configurationFiles().filter((file) => file.startsWith('configurations/custom/'));
  t.is(custom.length, 6);
  for (const file of custom) {
    t.throws(() => loadConfiguration(file), { message: /^missing dataset\.raw_data_directory_name in / });
    const { dataset, ...loaded } = loadConfiguration(file, [`dataset.raw_data_directory_name=${root}`]);
    t.is(dataset.raw_data_directory_name, root);
    const model = reference[file.replaceAll('custom', 'yummly')]?.['model'];
    if (model !== undefined) t.like((loaded as unknown as Sections)['model'], model as object);
  }
});

test('plans are no configurations', (t) => {
  t.false(configurationFiles().some((file) => file.startsWith('configurations/plans/')));
});
