import test from 'ava';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../src/experiments/index.js';
import { readRunRecord } from '../../src/training/index.js';
import { temporaryFolder, tripletlabBeside } from '../command-line.js';
import { ownFolder } from './own-folder.js';

test('the small plan for own data works as it stands on 24 pictures and 600 triplets', async (t) => {
  const folder = await ownFolder();
  t.is(readdirSync(join(folder, 'images')).length, 24);
  t.is(readFileSync(join(folder, 'triplets.csv'), 'utf8').trim().split('\n').length, 601);
  const cwd = temporaryFolder();
  const plan = 'configurations/plans/your-own-data-small.yaml';
  const args = ['reproduce', plan, `dataset.raw_data_directory_name=${folder}`, '--out', join(cwd, 'mine')];
  const { status, stderr, stdout } = await tripletlabBeside(args); // without a limit of time
  t.is(status, 0, stderr);
  const { configuration } = readRunRecord(join(cwd, 'mine/runs/run-1111'));
  const most = configuration.dataset.batch_size;
  t.true(most < 999 && most % 3 === 0);
  t.is(
    stderr.split(`teachers.dataset.batch_size 999 in ${plan} is more than the data have: ${most} is taken`).length,
    2,
  );
  const { rows } = JSON.parse(readFileSync(join(cwd, 'mine/results.json'), 'utf8')) as Results;
  t.deepEqual(
    rows.map(({ route }) => route),
    [...Array<string>(5).fill('teacher'), ...Array<string>(3).fill('student')],
  );
  // better than guessing, which is right in one of two
  for (const { route, validation } of rows) if (route === 'teacher') t.true(validation!.value > 0.5);
  t.regex(stdout, /student +custom_se_rkd +run-1121 /);
  // what the numbers stand on
  const tested = /^fraction of correct triplets \(FCT\), test: over (\d+) triplets$/m.exec(stdout);
  t.true(Number(tested![1]) < 100);
  t.regex(stdout, new RegExp(`^only ${tested![1]} test triplets?: chance alone moves FCT by 0\\.\\d\\d or more`, 'm'));
  rmSync(cwd, { recursive: true });
  rmSync(join(folder, '..'), { recursive: true });
});
