import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { distanceWeighted } from '../../src/miners/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { flat, forms, holdsAgainst, withClasses } from './forms.js';
import { finiteDifferences } from './finite-differences.js';
import { type Parameters } from './naive.js';
import { classes as naive, minedMargin } from './naive-classes.js';
import { classCases } from './parameters.js';
import { randomRows } from './rows.js';

test.before(async () => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
});

const labels: Record<string, number[]> = {
  'three classes': [0, 1, 2, 0, 1, 2, 0, 1, 1, 0],
  'some alone': [7, 1, 2, 3, 3, 3, 9, 1, 4, 5],
  'two classes, one alone': [0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
};

/** Less than what parts a row's similarity to itself from the positives of multi_similarity_original. */
const STEP = 1e-7;

for (const [name, parameters] of classCases)
  for (const [described, classes] of Object.entries(labels)) {
    const loss = naive[name];
    test(`${name}, ${described}: the formula and its slopes`, (t) => {
      const rows = randomRows(10, 4, 51);
      const gradient = finiteDifferences(rows, (x) => loss(x, classes, parameters), STEP);
      holdsAgainst(t, forms(name, parameters), rows, withClasses(classes), loss(rows, classes, parameters), gradient);
      const larger = randomRows(20, 7, 52);
      const doubled = [...classes, ...classes];
      const value = loss(larger, doubled, parameters);
      holdsAgainst(t, forms(name, parameters), larger, withClasses(doubled), value);
    });
  }

for (const [name, parameters] of classCases)
  test(`${name}: no pairs of one class, and none of two`, (t) => {
    const rows = randomRows(6, 3, 53);
    for (const classes of [
      [0, 1, 2, 3, 4, 5],
      [1, 1, 1, 1, 1, 1],
    ]) {
      const value = naive[name](rows, classes, parameters);
      const gradient = finiteDifferences(rows, (x) => naive[name](x, classes, parameters), STEP);
      holdsAgainst(t, forms(name, parameters), rows, withClasses(classes), value, gradient);
    }
  });

const margin: Parameters & Record<string, number> = { margin: 0.2, beta: 1.2 };

test('sampling_matters: the formula and its slopes at the triplets drawn', (t) => {
  const rows = randomRows(12, 5, 54);
  const classes = [0, 1, 2, 0, 1, 2, 0, 1, 1, 3, 3, 4];
  const drawn = distanceWeighted(flat(rows), 5, Int32Array.from(classes), new RandomStream(5, 'draws'));
  t.is(drawn.length, 36);
  const gradient = finiteDifferences(rows, (x) => minedMargin(x, drawn, margin));
  const value = minedMargin(rows, drawn, margin);
  holdsAgainst(t, forms('sampling_matters', margin), rows, withClasses(classes), value, gradient);
});

test('sampling_matters: 0 without gradient where there is but one class, or no triplet counts', (t) => {
  const rows = randomRows(6, 3, 55);
  const zero = new Array<number>(18).fill(0);
  holdsAgainst(t, forms('sampling_matters', margin), rows, withClasses([2, 2, 2, 2, 2, 2]), 0, zero);
  const far = { margin: -10, beta: 0 };
  holdsAgainst(t, forms('sampling_matters', far), rows, withClasses([0, 1, 2, 0, 1, 2]), 0, zero);
});
