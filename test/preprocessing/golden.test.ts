import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { checkPreprocessing } from '../../src/verification/preprocessing.js';

const path = 'test/golden/preprocessing.json';
const golden = JSON.parse(readFileSync(path, 'utf8')) as { image: string; grid: number[][][] }[];
const root = process.env['TRIPLETLAB_DATA'];
const present = root !== undefined && golden.every(({ image }) => existsSync(join(root, image)));

(present ? test : test.skip)('real pictures give the values of the reference (with TRIPLETLAB_DATA)', async (t) => {
  const outcomes = await checkPreprocessing(golden, path);
  t.is(outcomes.length, 8);
  for (const { name, status, detail } of outcomes) t.is(status, 'passed', `${name}: ${detail}`);
});

(present ? test : test.skip)('an altered value is found out (with TRIPLETLAB_DATA)', async (t) => {
  const [altered] = structuredClone(golden);
  altered.grid[1][2][3] += 1e-3;
  const [{ status, detail }] = await checkPreprocessing([altered], path);
  t.is(status, 'failed');
  t.regex(detail!, /^channel 1 is off by 1\.0e-3 \(grid\)/);
});
