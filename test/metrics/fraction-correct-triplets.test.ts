import test from 'ava';
import {
  correctTriplets,
  fractionCorrectOfTriplets,
  fractionCorrectTriplets,
} from '../../src/metrics/fraction-correct-triplets.js';

// On a line: 0, 1, 3, 3.
const embeddings = Float32Array.of(0, 1, 3, 3);

test('a triplet is right where its pair is strictly the nearest', (t) => {
  const fct = (triplet: number[], directed: boolean): number =>
    fractionCorrectOfTriplets(embeddings, 1, Int32Array.from(triplet), directed);
  t.is(fct([0, 1, 2], true), 1);
  t.is(fct([0, 2, 1], true), 0);
  t.is(fct([1, 0, 2], false), 1);
  t.is(fct([0, 2, 3], true), 0, 'equally far is not right');
  t.is(fct([1, 2, 0], true), 0);
  t.is(fct([0, 1, 2, 0, 2, 1, 1, 0, 2], false), 2 / 3);
});

test('which triplets are right, one by one', (t) => {
  const triplets = Int32Array.of(0, 1, 2, 0, 2, 1, 1, 0, 2, 0, 2, 3);
  t.deepEqual(Array.from(correctTriplets(embeddings, 1, triplets, true)), [1, 0, 1, 0]);
});

test('undirected also asks for the distance between the second and the odd one', (t) => {
  // 0-1 apart 1, 0-2 apart 3, 1-2 apart .5: the anchor's pair is nearer than 02 but not than 12
  const rows = Float32Array.of(0, 1, 1.5);
  t.is(fractionCorrectTriplets(rows, 1, true), 1);
  t.is(fractionCorrectTriplets(rows, 1, false), 0);
});
