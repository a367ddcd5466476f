import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { relaxedDistanceWeighted } from '../../src/miners/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { flat, forms, holdsAgainst, withTeachers } from './forms.js';
import { finiteDifferences } from './finite-differences.js';
import { minedRkd, minedStmr, type Rows, type Teachers } from './naive.js';
import { oneHotTeachers, randomRows, randomTeachers } from './rows.js';

test.before(async () => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
});

const batch_mining = 'relaxed_sampling_matters';
const regression = { tau: 5, beta: 0.5, batch_mining };

/** What the forms draw: from a stream of the same seed. */
function drawn(rows: Rows, teachers: Teachers): Int32Array {
  const first = teachers.map(([row]) => row);
  const host = (given: Rows) => ({ data: flat(given), first: 0, step: given[0].length, size: given[0].length });
  return relaxedDistanceWeighted(host(rows), host(first), rows.length, new RandomStream(5, 'draws'));
}

const supervisions: Record<string, Teachers> = {
  'one teacher': randomTeachers(11, 1, 4, 61),
  'three teachers': randomTeachers(11, 3, 4, 62),
  'equal rows': randomTeachers(11, 2, 4, 63).map((row, i, all) => (i % 3 === 1 ? all[i - 1] : row)),
  'one-hot': oneHotTeachers([0, 1, 2, 0, 1, 2, 0, 3, 3, 1, 0]),
};

for (const [described, teachers] of Object.entries(supervisions)) {
  const rows = randomRows(11, 5, 64);

  test(`rkd, mined, ${described}: its angles are those of the triplets drawn`, (t) => {
    const triplets = drawn(rows, teachers);
    t.true(triplets.length > 0);
    const gradient = finiteDifferences(rows, (x) => minedRkd(x, teachers, triplets));
    const value = minedRkd(rows, teachers, triplets);
    holdsAgainst(t, forms('rkd', { batch_mining }), rows, withTeachers(teachers), value, gradient);
  });

  test(`stmr, mined, ${described}: its terms are those of the triplets drawn`, (t) => {
    const triplets = drawn(rows, teachers);
    const gradient = finiteDifferences(rows, (x) => minedStmr(x, teachers, triplets, regression));
    const value = minedStmr(rows, teachers, triplets, regression);
    holdsAgainst(t, forms('stmr', regression), rows, withTeachers(teachers), value, gradient);
  });
}

test('no anchor with a near item: nothing drawn, no term, no gradient', (t) => {
  // D^2 = 2 everywhere: weights are e^-5 < .01
  const teachers = oneHotTeachers([0, 1, 2, 3, 4]);
  const rows = randomRows(5, 4, 65);
  t.is(drawn(rows, teachers).length, 0);
  holdsAgainst(t, forms('stmr', regression), rows, withTeachers(teachers), 0, new Array<number>(20).fill(0));
  const none = new Int32Array(0);
  const gradient = finiteDifferences(rows, (x) => minedRkd(x, teachers, none));
  holdsAgainst(t, forms('rkd', { batch_mining }), rows, withTeachers(teachers), minedRkd(rows, teachers, none), gradient); // prettier-ignore
});

test('both forms go on drawing alike, and again from a state kept', (t) => {
  const [rows, teachers] = [randomRows(11, 5, 66), randomTeachers(11, 2, 4, 67)];
  const losses = Object.values(forms('stmr', regression));
  const values = (count: number): number[][] =>
    losses.map((loss) => Array.from({ length: count }, () => loss.value(flat(rows), 11, 5, withTeachers(teachers))));
  const [a, b] = values(3);
  t.true(new Set(a).size > 1, 'draws differ from call to call');
  a.forEach((x, i) => {
    t.true(Math.abs(x - b[i]) < 1e-5);
  });
  const states = losses.map((loss) => loss.state());
  t.deepEqual(states[0], states[1]);
  const next = values(2);
  losses.forEach((loss, i) => {
    loss.restore(states[i]);
  });
  t.deepEqual(values(2), next);
});
