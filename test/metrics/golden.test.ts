import { readFileSync } from 'node:fs';
import test from 'ava';
import { checkMetrics } from '../../src/verification/metrics.js';

interface Case {
  metric: string;
  embeddings: number[][];
  expected: Record<string, number>;
}

const read = (): Case[] => JSON.parse(readFileSync('test/golden/metrics.json', 'utf8')) as Case[];

test('every metric has the value that the reference computed', async (t) => {
  const outcomes = await checkMetrics(read(), 'test/golden/metrics.json');
  t.deepEqual(
    outcomes.map(({ name, status }) => [name, status]),
    [
      ['FCT undirected', 'passed'],
      ['FCT directed', 'passed'],
      ['mP@1', 'passed'],
      ['fraction_same_triplet_relation', 'passed'],
    ],
  );
});

test('another value fails', async (t) => {
  const cases = read();
  for (const { expected } of cases) for (const name of Object.keys(expected)) expected[name] += 2e-6;
  const outcomes = await checkMetrics(cases, '');
  t.true(outcomes.every(({ status }) => status === 'failed'));
});
