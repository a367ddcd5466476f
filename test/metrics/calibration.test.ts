import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { brierScore, expectedCalibrationError, logLoss, reliabilityBins } from '../../src/metrics/index.js';
import { RandomStream } from '../../src/random/stream.js';

const near = (a: number, b: number, by = 1e-12): boolean => Math.abs(a - b) <= by;

test('scores of three forecasts, worked out by hand', (t) => {
  const p = [0.8, 0.2, 0.4, 0.6, 0.5, 0.5];
  t.true(near(brierScore(p, 2), (0.08 + 0.72 + 0.5) / 3));
  t.true(near(logLoss(p, 2), -Math.log(0.8 * 0.4 * 0.5) / 3));
  // Brier's own limits: certain and right, certain and wrong; even chances of three.
  t.is(brierScore([1, 0, 0], 3), 0);
  t.is(brierScore([0, 1, 0], 3), 2);
  t.true(near(brierScore([1 / 3, 1 / 3, 1 / 3], 3), 2 / 3));
  t.true(near(logLoss([0, 1], 2), 12 * Math.log(10), 1e-9), 'an impossible answer is not infinitely bad');
});

test('bins and calibration error, worked out by hand', (t) => {
  // Of four bins: .5 is in the second, .6, .7 in the third, .9, 1 in the fourth.
  const p = [0.5, 0.5, 0.6, 0.4, 0.3, 0.7, 0.9, 0.1, 1, 0];
  const bins = reliabilityBins(p, 2, 4);
  t.deepEqual(
    bins.map(({ low, high, count }) => [low, high, count]),
    [[0, 0.25, 0], [0.25, 0.5, 1], [0.5, 0.75, 2], [0.75, 1, 2]], // prettier-ignore
  );
  t.deepEqual(
    bins.slice(1).map(({ accuracy }) => accuracy),
    [0, 0.5, 1], // a tie is wrong, as in the FCT
  );
  t.true(near(bins[2].confidence, 0.65) && near(bins[3].confidence, 0.95));
  t.true(near(expectedCalibrationError(p, 2, 4), (0.5 + 2 * 0.15 + 2 * 0.05) / 5));
});

test('forecasts that are what they say have an error near 0, overconfident ones what they claim too much', (t) => {
  const stream = new RandomStream(1, 'forecasts');
  const rows: number[] = [];
  const bold: number[] = [];
  for (let i = 0; i < 60_000; i++) {
    const p = 0.5 + stream.uniform() * 0.4;
    const right = stream.uniform() < p;
    rows.push(...(right ? [p, 1 - p] : [1 - p, p]));
    bold.push(...(right ? [p + 0.1, 0.9 - p] : [0.9 - p, p + 0.1]));
  }
  t.true(expectedCalibrationError(rows, 2) < 0.012);
  t.true(near(expectedCalibrationError(bold, 2), 0.1, 0.012));
  t.true(logLoss(rows, 2) < logLoss(bold, 2) && brierScore(rows, 2) < brierScore(bold, 2), 'both are proper');
});

test('what is no distribution is refused by row', (t) => {
  for (const score of [brierScore, logLoss, expectedCalibrationError]) {
    t.throws(() => score([0.5, 0.5, 0.9, 0.2], 2), {
      instanceOf: UsageError,
      message: 'invalid probabilities: 0.9, 0.2 in row 1; give numbers from 0 on whose sum is 1',
    });
    t.throws(() => score([NaN, 1], 2), { instanceOf: UsageError });
    t.throws(() => score([1, 0, 0], 2), { instanceOf: UsageError, message: /^invalid choices: 2 for 3 / });
  }
  t.throws(() => reliabilityBins([1, 0], 2, 0), { instanceOf: UsageError, message: /^invalid bins: 0;/ });
});
