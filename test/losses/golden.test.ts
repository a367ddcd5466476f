import { readFileSync } from 'node:fs';
import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { checkLosses } from '../../src/verification/losses.js';
import { testedEngines } from '../engine/tested-engines.js';

interface Case {
  readonly kind: string;
  readonly name: string;
  value: number;
  readonly gradient: number[][];
}

const read = (): { cases: Case[] } => JSON.parse(readFileSync('test/golden/losses.json', 'utf8')) as { cases: Case[] };

for (const [kind, losses] of [
  ['triplet', 5],
  ['class', 5],
  ['source_embedding', 8],
] as const)
  for (const engine of testedEngines)
    test.serial(`losses of kind ${kind}: value and gradient are the reference's on ${engine}`, async (t) => {
      await chooseEngine({ useGpu: false, engine });
      const cases = read().cases.filter((golden) => golden.kind === kind);
      t.is(new Set(cases.map(({ name }) => name)).size, losses);
      for (const { name, status, detail } of await checkLosses({ cases }, ''))
        t.is(status, 'passed', `${name}: ${detail}`);
    });

test('an altered value or gradient is found', async (t) => {
  const { cases } = read();
  const altered = cases.filter(({ kind }) => kind !== 'triplet');
  altered.forEach((golden, i) => {
    if (i % 2 === 0) golden.value *= 1.001;
    else golden.gradient[0][0] += 0.01 * Math.hypot(...golden.gradient.flat()) + 1e-5;
  });
  for (const { name, status } of await checkLosses({ cases: altered }, '')) t.is(status, 'failed', name);
});
