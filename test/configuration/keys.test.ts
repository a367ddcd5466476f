import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { load } from 'js-yaml';
import { configurationFiles, loadConfiguration, resolveConfiguration } from '../../src/configuration/index.js';
import { configurationKeys, findConfigurationKeys } from '../../src/configuration/keys.js';
import { losses, type LossType } from '../../src/catalogue/losses.js';
import { configurationPage } from '../../src/configuration/page.js';
import { UsageError } from '../../src/errors.js';
import { syntheticDataset } from '../../src/datasets/index.js';
import { tripletlab } from '../command-line.js';

const keys = configurationKeys();
const keyOf = (name: string) => keys.find(({ key }) => key === name)!;

test('the page of keys is what the schema gives: npx tripletlab config --to configurations/README.md', (t) => {
  t.is(readFileSync('configurations/README.md', 'utf8'), configurationPage());
});

test('each key is described in whole sentences, with the kind of its value and its default', (t) => {
  t.true(keys.length > 60);
  for (const { key, type, default: value, description } of keys) {
    t.regex(description, /^[A-Z`].*\.$/, key);
    t.regex(type, /\S/, key);
    t.regex(value, /\S/, key);
    t.notRegex([type, value, description].join(), /\||\n|undefined/, key);
  }
});

test('every key of the configurations is told', (t) => {
  const names = new Set(keys.map(({ key }) => key));
  const seen = new Set<string>();
  for (const file of configurationFiles())
    for (const [name, value] of Object.entries(load(readFileSync(file, 'utf8')) as Record<string, unknown>))
      for (const key of typeof value === 'object' && value !== null
        ? Object.keys(value).map((own) => `${name}.${own}`)
        : [name])
        // prettier-ignore
        seen.add(key);
  t.true(seen.size > 30);
  t.deepEqual([...seen].filter((key) => !names.has(key)), []); // prettier-ignore
});

test('defaults are those that a configuration gets', (t) => {
  const configuration: Record<string, unknown> = {
    ...loadConfiguration('configurations/synthetic/synthetic_p_ste.yaml'),
  };
  for (const key of ['engine', 'seed', 'num_repetitions', 'offset_for_repetition'])
    t.is(keyOf(key).default, String(configuration[key]), key);
  const none = { raw_data_directory_name: null, data_directory_name: null };
  const drawn = syntheticDataset({ name: 'SyntheticTInd', version: 'psycho', batch_size: 3, ...none });
  t.is(keyOf('dataset.num_items').default, String(drawn.items.length));
  t.is(keyOf('dataset.num_triplets').default, String(drawn.drawn.length / 3));
  t.is(keyOf('dataset.temperature').default, String(drawn.noise.temperature));
  t.true(keyOf('dataset.directed').default.startsWith(String(drawn.directed)));
});

/** The parameters that a loss asks for: each is given as it is missed. */
function missed(loss: LossType): string[] {
  const file = { triplets: 'synthetic/synthetic_p_ste', classes: 'cub/cub_se_rkd_ns_vits', teachers: 'synthetic/synthetic_se_rkd' }[losses[loss].supervision]; // prettier-ignore
  const given = load(readFileSync(`configurations/${file}.yaml`, 'utf8')) as { model: Record<string, unknown> };
  const { name, embedding_size, metric_mode } = given.model;
  const ordinal = loss === 'soe' || loss === 'ckl';
  const model: Record<string, unknown> = {
    name: ordinal ? 'Ordinal' : name,
    embedding_size,
    metric_mode,
    loss_type: loss,
  };
  const asked: string[] = [];
  for (;;) {
    try {
      resolveConfiguration({ ...given, model });
      return asked;
    } catch (error) {
      const key = /^missing model\.(\w+) in/.exec((error as UsageError).message)?.[1];
      if (key === undefined) throw error;
      asked.push(key);
      model[key] = key === 'triplet_weight_type' ? 'from_source_pairs' : 0.5;
    }
  }
}

test('the losses that a parameter applies to are those that ask for it', (t) => {
  for (const loss of Object.keys(losses) as LossType[]) {
    const told = keys.filter(
      ({ key, default: value, applies }) =>
        key.startsWith('model.') && value.startsWith('must be given') && applies.split(', ').includes(loss),
    );
    t.deepEqual(told.map(({ key }) => key.replace('model.', '')).sort(), missed(loss).sort(), loss); // prettier-ignore
  }
});

test('a name finds its key, or those of its section', (t) => {
  t.deepEqual(findConfigurationKeys('model.tau').map(({ key }) => key), ['model.tau']); // prettier-ignore
  t.deepEqual(findConfigurationKeys('run').map(({ key }) => key), ['run.output_directory_name', 'run.id', 'run.draw']); // prettier-ignore
});

test('a name that no key has is refused with the nearest whole key', (t) => {
  const said = (name: string): string =>
    t.throws(() => findConfigurationKeys(name), { instanceOf: UsageError }).message;
  t.is(said('model.ta'), 'unknown key: model.ta; did you mean model.tau?');
  t.is(said('tau'), 'unknown key: tau; did you mean model.tau?');
  t.is(said('mdel.tauu'), 'unknown key: mdel.tauu; did you mean model.tau?');
  t.is(said('sed'), 'unknown key: sed; did you mean seed?');
  t.regex(said('zzzzzzzz'), /^unknown key: zzzzzzzz; one of: run, dataset, [^\n]+$/);
});

test('tripletlab config prints the keys, and writes the page', (t) => {
  const one = tripletlab(['config', 'model.mu']);
  t.is(one.stdout, 'model.mu: a finite number above 0\n  What is added to squared distances.\n  default: must be given\n  applies to: ckl\n'); // prettier-ignore
  const printed = tripletlab(['config']).stdout;
  for (const { key } of keys) t.true(printed.includes(`${key}: `), key);
  const wrong = tripletlab(['config', 'model.ta']);
  t.deepEqual([wrong.status, wrong.stdout, wrong.stderr], [1, '', 'tripletlab: unknown key: model.ta; did you mean model.tau?\n']); // prettier-ignore
  const file = join(mkdtempSync(join(tmpdir(), 'tripletlab-')), 'keys.md');
  t.is(tripletlab(['config', '--to', file]).status, 0);
  t.is(readFileSync(file, 'utf8'), configurationPage());
});
