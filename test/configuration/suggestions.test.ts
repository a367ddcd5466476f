import test from 'ava';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/configuration/index.js';
import { loadPlan } from '../../src/experiments/index.js';
import { nearestPath } from '../../src/files.js';
import { temporaryFolder } from '../command-line.js';
import { refusal } from '../refusal.js';

const teacher = 'configurations/things/things_p_ste.yaml';
const plan = 'configurations/plans/your-own-data-small.yaml';
const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true });
});

const load = (...overrides: string[]): string => refusal(() => loadConfiguration(teacher, overrides));

test('an unknown key is compared as a whole path', (t) => {
  t.is(load('model.tua=1'), 'unknown key: model.tua; did you mean model.tau?');
  t.is(load('modle.tau=1'), 'unknown key: modle.tau; did you mean model.tau?');
  t.is(load('modle.tua=1'), 'unknown key: modle.tua; did you mean model.tau?');
  t.is(load('optimisation.weight_decay=1'), 'unknown key: optimisation.weight_decay; did you mean optimization.weight_decay?'); // prettier-ignore
  t.is(load('tau=1'), 'unknown key: tau; did you mean model.tau?');
  t.is(load('dataset.embedding_size=1'), 'unknown key: dataset.embedding_size; did you mean model.embedding_size?');
});

test('an unknown path gets the nearest one that exists', (t) => {
  mkdirSync(join(folder, 'shoes/images'), { recursive: true });
  writeFileSync(join(folder, 'mine.yaml'), '{}');
  const named = (path: string): string => load(`dataset.raw_data_directory_name=${join(folder, path)}`);
  t.is(named('shoez'), `missing dataset.raw_data_directory_name: ${join(folder, 'shoez')}; no such folder, did you mean ${join(folder, 'shoes')}?`); // prettier-ignore
  t.true(named('shoez/images').endsWith(`did you mean ${join(folder, 'shoes/images')}?`));
  t.true(named('entirely-else').endsWith('; no such folder'));
  t.is(nearestPath(join(folder, 'shoes/imges')), join(folder, 'shoes/images'));
  t.is(nearestPath(join(folder, 'cars/images')), undefined);
  t.is(
    refusal(() => loadConfiguration(join(folder, 'mien.yaml'))),
    `unknown configuration: ${join(folder, 'mien.yaml')}; did you mean ${join(folder, 'mine.yaml')}?`,
  );
  t.is(
    refusal(() => loadPlan('configurations/plans/your-own-data-smal.yaml')),
    `unknown plan: configurations/plans/your-own-data-smal.yaml; did you mean ${plan}?`,
  );
  t.is(
    refusal(() => loadPlan('synthetic-quik.yaml')),
    'unknown plan: synthetic-quik.yaml; did you mean configurations/plans/synthetic-quick.yaml?',
  );
});

test('a plan and a configuration name the command that takes them', (t) => {
  t.is(
    refusal(() => loadConfiguration(plan)),
    `invalid configuration: ${plan} is a plan; run tripletlab reproduce ${plan}`,
  );
  t.is(
    refusal(() => loadPlan(teacher)),
    `invalid plan: ${teacher} is a configuration; run tripletlab train ${teacher}`,
  );
  const evaluation = 'configurations/things/things_e.yaml';
  t.regex(refusal(() => loadPlan(evaluation)), /; run tripletlab evaluate configurations\/things\/things_e\.yaml$/); // prettier-ignore
});
