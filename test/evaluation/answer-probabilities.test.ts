import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { syntheticDataset } from '../../src/datasets/index.js';
import { answerProbabilities as truth, drawTriplets } from '../../src/datasets/synthetic/synthetic-triplets.js';
import { UsageError } from '../../src/errors.js';
import { answerProbabilities, calibrate, embedItems, modelUri, teacherEnsemble } from '../../src/evaluation/index.js';
import { expectedCalibrationError, logLoss, reliabilityBins } from '../../src/metrics/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { train } from '../../src/training/index.js';

const stream = new RandomStream(3, 'points');
const space = { factors: Float32Array.from({ length: 4 * 30 }, () => stream.uniform()), k: 4 };
const points = { data: space.factors, size: 4 };
const other = { data: space.factors.map((x) => x + 0.2 * stream.normal()), size: 4 };

for (const directed of [true, false]) {
  const kind = directed ? 'directed' : 'undirected';
  const choices = directed ? 2 : 3;
  const noise = { directed, temperature: 0.15 };
  const triplets = drawTriplets(space, noise, 4000, new RandomStream(1, 'triplets'));

  test(`${kind}: points have the probabilities of the model that answers were drawn by`, (t) => {
    const found = answerProbabilities([points], triplets, directed, { temperature: 0.15 });
    t.is(found.length, (choices * triplets.length) / 3);
    for (let i = 0; i < 200; i++) {
      const [a, b, c] = triplets.subarray(3 * i, 3 * i + 3);
      truth(space, noise, a, b, c).forEach((p, k) => t.true(Math.abs(found[choices * i + k] - p) < 1e-9));
    }
  });

  test(`${kind}: several teachers speak by the mean of their distances, or of their dot products`, (t) => {
    const [a, b, c] = triplets.subarray(0, 3);
    const row = ({ data }: typeof points, i: number) => Array.from(data.subarray(4 * i, 4 * i + 4));
    const pairs = [[a, b], [a, c], [b, c]].slice(0, choices); // prettier-ignore
    const scores = {
      distance: (one: typeof points, i: number, j: number) =>
        -Math.hypot(...row(one, i).map((x, f) => x - row(one, j)[f])),
      similarity: (one: typeof points, i: number, j: number) =>
        row(one, i).reduce((sum, x, f) => sum + x * row(one, j)[f], 0),
    };
    for (const by of ['distance', 'similarity'] as const) {
      const means = pairs.map(([i, j]) => (scores[by](points, i, j) + scores[by](other, i, j)) / 2);
      const weights = means.map((x) => Math.exp(x / 0.3));
      const sum = weights.reduce((x, y) => x + y);
      const found = answerProbabilities([points, other], triplets.subarray(0, 3), directed, { temperature: 0.3, by });
      weights.forEach((weight, k) => t.true(Math.abs(found[k] - weight / sum) < 1e-9));
    }
    const right = reliabilityBins(answerProbabilities([points, other], triplets, directed), choices);
    const correct = right.reduce((total, { count, accuracy }) => total + (count ? count * accuracy : 0), 0);
    const { fct, count } = teacherEnsemble([points, other], triplets, directed);
    t.is(Math.round(correct), Math.round(fct * count), 'the likeliest answer is that of the ensemble');
  });

  test(`${kind}: the fitted temperature is that of the answers, and no other has less log loss`, (t) => {
    const { temperature, logLoss: loss, triplets: count } = calibrate([points], triplets, directed);
    t.is(count, 4000);
    // Its standard error here is .004 (undirected .003).
    t.true(Math.abs(temperature - 0.15) < 0.02, `${temperature}`);
    const at = (one: number) =>
      logLoss(answerProbabilities([points], triplets, directed, { temperature: one }), choices);
    t.is(loss, at(temperature));
    for (const factor of [0.05, 0.5, 0.9, 0.99, 1.01, 1.1, 2, 20]) t.true(at(temperature * factor) > loss);
  });
}

test('answers that all are right, and all wrong, end at the coldest and the hottest temperature', (t) => {
  const line = { data: Float32Array.of(0, 1, 3), size: 1 };
  t.true(calibrate([line], Int32Array.of(0, 1, 2), true).temperature < 0.1);
  t.true(calibrate([line], Int32Array.of(0, 2, 1), true).temperature > 9_000);
});

test('missing teachers and triplets, broken ones and temperatures are refused', (t) => {
  const one = Int32Array.of(0, 1, 2);
  const refused = (run: () => unknown, message: RegExp) => t.throws(run, { instanceOf: UsageError, message });
  refused(() => answerProbabilities([], one, true), /^missing teachers; give/);
  refused(() => calibrate([points], new Int32Array(), true), /^missing triplets; give/);
  for (const temperature of [0, -1, NaN])
    refused(() => answerProbabilities([points], one, true, { temperature }), /^invalid temperature: .*above 0$/);
  refused(() => calibrate([{ data: Float32Array.of(0, NaN, 1), size: 1 }], one, true), /teacher 1 of 1.*row 1/);
});

for (const kind of ['', '_directed'])
  test(`teachers of the synthetic set${kind} are calibrated on validation triplets: error at most .03 on new ones`, async (t) => {
    const base = mkdtempSync(join(tmpdir(), 'calibration-'));
    t.teardown(() => {
      rmSync(base, { recursive: true, force: true });
    });
    const config = loadTrainingConfiguration(`configurations/synthetic/synthetic_p_ste${kind}.yaml`, [
      'num_repetitions=2',
      'optimization.num_training_epochs=40',
      'use_gpu=false',
    ]);
    const records = await train(config, { base });
    const dataset = syntheticDataset(config.dataset);
    const teachers = await Promise.all(records.map((record) => embedItems(modelUri(record), dataset, { base })));
    const { directed, factors, factorNames, noise, instances, triplets } = dataset;
    // New triplets of the items that the teachers know, answered as the others were.
    const known = new Set(instances.training);
    const drawn = drawTriplets({ factors, k: factorNames.length }, noise, 40_000, new RandomStream(9, 'new triplets'));
    const fresh = Int32Array.from(
      Array.from({ length: 40_000 }, (_, i) => [...drawn.subarray(3 * i, 3 * i + 3)])
        .filter((triplet) => triplet.every((item) => known.has(item)))
        .flat(),
    );
    t.true(fresh.length > 3 * 15_000);
    const choices = directed ? 2 : 3;
    const error = (temperature: number, of: typeof teachers) =>
      expectedCalibrationError(answerProbabilities(of, fresh, directed, { temperature }), choices);
    for (const of of [teachers.slice(0, 1), teachers]) {
      const { temperature } = calibrate(of, triplets.validation, directed);
      const found = error(temperature, of);
      t.log(`${of.length} teachers: temperature ${temperature.toFixed(4)}, error ${found.toFixed(4)}`);
      t.true(found <= 0.03, `${found}`);
      t.true(error(1, of) > 0.2 && error(temperature / 3, of) > 0.05, 'other temperatures are far off');
    }
  });
