import test from 'ava';
import { RandomStream } from '../../src/random/stream.js';
import { detectableDifference } from '../../src/statistics/power.js';
import { leastPValue, pairsNeeded, signFlipPValue } from '../../src/statistics/permutation-test.js';
import { meanInterval, verdict } from '../../src/statistics/verdict.js';

function summary(values: readonly number[]) {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return {
    n,
    mean,
    standardDeviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)),
  };
}

test('a difference of the detectable size is found in about 80 of 100 experiments, one of half of it in far fewer', (t) => {
  const stream = new RandomStream(3, 'power');
  const standardDeviation = 0.013;
  for (const pairs of [5, 10, 15]) {
    const found = (mean: number): number => {
      let n = 0;
      for (let trial = 0; trial < 2000; trial++) {
        const values = Array.from({ length: pairs }, () => mean + standardDeviation * stream.normal());
        const { low, high } = meanInterval(summary(values))!;
        n += Number(low > 0 || high < 0);
      }
      return n / 2000;
    };
    const size = detectableDifference(standardDeviation, pairs)!;
    const share = found(size);
    t.true(share > 0.77 && share < 0.88, `${pairs} pairs: ${share}`);
    t.true(found(size / 2) < 0.45);
  }
  t.is(detectableDifference(standardDeviation, 1), null);
});

test('the least p is that of differences that all point the same way, and so many pairs reach .05', (t) => {
  for (let n = 1; n <= 10; n++) {
    const oneWay = Array.from({ length: n }, (_, i) => 1 + i);
    t.is(leastPValue(n), signFlipPValue(oneWay) ?? NaN);
  }
  for (const comparisons of [1, 3, 7]) {
    const n = pairsNeeded(comparisons);
    t.true(comparisons * 2 ** (1 - n) <= 0.05 && comparisons * 2 ** (2 - n) > 0.05);
  }
});

test('intervals are those of published critical values of t', (t) => {
  // t_{.975, 4} = 2.776, t_{.95, 4} = 2.132 (any table)
  const five = { n: 5, mean: 0.02, standardDeviation: 0.01 };
  const { low, high } = meanInterval(five)!;
  t.true(Math.abs(high - low - (2 * 2.776 * 0.01) / Math.sqrt(5)) < 1e-5);
  t.true(Math.abs(meanInterval(five, 0.9)!.high - (0.02 + (2.132 * 0.01) / Math.sqrt(5))) < 1e-5);
  t.is(meanInterval({ n: 1, mean: 1, standardDeviation: null }), null);
});

test('a significant difference has its side; what lies within the margin is equivalent; the rest is undecided', (t) => {
  t.is(verdict({ n: 10, mean: 0.02, standardDeviation: 0.01 }, 0.01), 'higher');
  t.is(verdict({ n: 10, mean: -0.02, standardDeviation: 0.01 }, 0.05), 'lower');
  t.is(verdict({ n: 5, mean: 0.02, standardDeviation: 0.001 }, 0.0625), 'undecided');
  t.is(verdict({ n: 5, mean: 0.001, standardDeviation: 0.002 }, 1), 'equivalent');
  t.is(verdict({ n: 5, mean: 0.009, standardDeviation: 0.002 }, 1), 'undecided');
  t.is(verdict({ n: 4, mean: 0.001, standardDeviation: 0.0001 }, 1), 'undecided', 'too few pairs, however near');
  t.is(verdict({ n: 1, mean: 0.001, standardDeviation: null }, null), 'undecided');
});

test('two one-sided tests call a difference at the margin equivalent in 5 of 100 experiments at most', (t) => {
  const stream = new RandomStream(4, 'equivalence');
  let n = 0;
  for (let trial = 0; trial < 4000; trial++)
    n += Number(verdict(summary(Array.from({ length: 8 }, () => 0.01 + 0.004 * stream.normal())), 1) === 'equivalent');
  t.true(n / 4000 < 0.062, String(n));
  t.true(n / 4000 > 0.03, String(n));
});

test('of many differences signs are drawn: p is near the share of all choices', (t) => {
  // 22 differences of 1, so many of them negative: |sum| is 22 - 2 x flipped
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
  for (const negative of [4, 6, 8]) {
    const values = Array.from({ length: 22 }, (_, i) => (i < negative ? -1 : 1));
    let exact = 0;
    for (let k = 0; k <= 22; k++) if (Math.abs(22 - 2 * k) >= 22 - 2 * negative) exact += choose(22, k) / 2 ** 22;
    const p = signFlipPValue(values)!;
    t.true(Math.abs(p - exact) < 5 * Math.sqrt(exact / 1e5), `${negative}: ${p} and ${exact}`);
  }
  t.is(signFlipPValue(Array.from({ length: 30 }, () => 1)), 1e-5);
});
