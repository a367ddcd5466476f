import test from 'ava';
import { compareOnTriplets, itemJackknife } from '../../src/evaluation/index.js';
import { RandomStream } from '../../src/random/stream.js';

test('of values of single items it is the standard error of their mean', (t) => {
  const values = [1, 0, 4, 2.5, -3];
  const { mean, error, items } = itemJackknife(
    values,
    values.flatMap((_, i) => [i, i, i]),
  );
  t.is(items, 5);
  t.is(mean, 0.9);
  const variance = values.reduce((sum, value) => sum + (value - 0.9) ** 2, 0) / 4;
  t.true(Math.abs(error - Math.sqrt(variance / 5)) < 1e-12);
});

test('few items in many triplets: the error is what other draws of the items show, not that of a share', (t) => {
  // Whether a triplet is correct depends on its items alone: each is good or bad, and most of three decide.
  const stream = new RandomStream(0, 'jackknife');
  const n = 20;
  const triplets = Array.from({ length: n }, (_, a) => a).flatMap((a) =>
    Array.from({ length: n }, (_, b) => b).flatMap((b) =>
      a < b ? Array.from({ length: n - b - 1 }, (_, c) => [a, b, b + c + 1]) : [],
    ),
  );
  const draws = Array.from({ length: 300 }, () => {
    const good = Array.from({ length: n }, () => Number(stream.uniform() < 0.7));
    return itemJackknife(
      triplets.map((triplet) => Number(triplet.reduce((sum, i) => sum + good[i], 0) > 1)),
      triplets.flat(),
    );
  });
  const mean = draws.reduce((sum, draw) => sum + draw.mean, 0) / draws.length;
  const spread = Math.sqrt(draws.reduce((sum, draw) => sum + (draw.mean - mean) ** 2, 0) / draws.length);
  const claimed = Math.sqrt(draws.reduce((sum, { error }) => sum + error ** 2, 0) / draws.length);
  t.true(claimed > 0.85 * spread && claimed < 1.25 * spread, `${claimed} of ${spread}`);
  t.true(spread > 5 * Math.sqrt((mean * (1 - mean)) / triplets.length));
});

test('the gain is on the same triplets: equal models have none, and no error of it', (t) => {
  const embeddings = { data: Float32Array.of(0, 1, 3, 7), size: 1 };
  const worse = { data: Float32Array.of(0, 7, 3, 1), size: 1 };
  const triplets = Int32Array.of(0, 1, 2, 0, 2, 3, 1, 2, 3, 3, 2, 0);
  const [first, same, other] = compareOnTriplets([embeddings, embeddings, worse], triplets, true);
  t.deepEqual([first.fct.mean, first.gain.mean, same.gain.mean, same.gain.error], [1, 0, 0, 0]);
  t.deepEqual([other.fct.mean, other.gain.mean], [0.25, -0.75]);
});

test('where no triplet is left without an item there is no error to give', (t) => {
  t.deepEqual(itemJackknife([1, 0], [0, 1, 2, 0, 1, 2]), { mean: 0.5, error: NaN, items: 3 });
});
