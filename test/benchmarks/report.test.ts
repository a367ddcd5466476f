import test from 'ava';
import fc from 'fast-check';
import { RandomStream } from '../../src/random/stream.js';
import { compared, listOf, numberOf, tables } from './report.js';
import { inTurns } from './rounds.js';
import { bendOf, exponents, lastExponent, median, pairedRatio } from './statistics.js';

const positive = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 9 });

test('the median has as many values below as above, in any order', (t) => {
  t.is(median([3, 1, 2]), 2);
  t.is(median([10, 1, 2, 4]), 3);
  t.is(median([7]), 7);
  t.true(Number.isNaN(median([])));
  fc.assert(
    fc.property(positive, (values) => {
      const middle = median(values);
      t.true(values.filter((x) => x < middle).length <= values.length / 2);
      t.true(values.filter((x) => x > middle).length <= values.length / 2);
      t.is(median(values.toReversed()), middle);
    }),
  );
});

test('ratios are taken round by round, so that a round twice as slow on both sides changes none', (t) => {
  const ours = [1, 2, 4];
  const theirs = [3, 4, 20]; // 3, 2 and 5 times
  t.deepEqual(pairedRatio(ours, theirs), { median: 3, least: 2, most: 5 });
  t.deepEqual(pairedRatio([1, 4, 4], [3, 8, 20]), { median: 3, least: 2, most: 5 });
  t.throws(() => pairedRatio([1], [1, 2]), { message: /1 and 2 rounds/ });
});

test('a comparison says its ratio, its rounds and whether that is what is wanted', (t) => {
  t.deepEqual(compared([1, 2, 4], [3, 4, 20], 3), {
    'times as fast': 3,
    rounds: '3: 2 to 5',
    wanted: 3,
    reached: 'yes',
  });
  t.is(compared([1], [0.5], 1)['reached'], 'no');
  t.deepEqual(compared([2], [1]), { 'times as fast': 0.5, rounds: '1' });
  t.deepEqual(compared([2, 3], [], 1), {});
});

test('exponents are those of powers', (t) => {
  const sizes = [10, 20, 60];
  const [none, first, second] = exponents(sizes, [5 * 10 ** 2, 5 * 20 ** 2, 5 * 20 ** 2 * 3 ** 1.5]);
  t.is(none, undefined);
  t.true(Math.abs(first! - 2) < 1e-9);
  t.true(Math.abs(second! - 1.5) < 1e-9);
});

test('the last exponent is that of the larger half, also of values that are off it', (t) => {
  const near = (actual: number, wanted: number): void => {
    t.true(Math.abs(actual - wanted) < 1e-9, `${actual}`);
  };
  const sizes = [1, 2, 4, 8, 16];
  near(lastExponent(sizes, [900, 7, 4 ** 2, 8 ** 2, 16 ** 2]), 2);
  near(lastExponent([1, 10], [3, 300]), 2);
  near(lastExponent([1, 3, 10, 30], [1e6, 1e6, 20, 60]), 1);
  // of 2^0, 2^2, 2^1 at 1, 2, 4: covariance 1 / 3, variance 2 / 3
  near(lastExponent([0.01, 0.1, 1, 2, 4], [5, 5, 1, 4, 2]), 0.5);
});

test('a curve bends where its exponent changes most, and not at all where that is little', (t) => {
  const sizes = [1, 10, 100, 1000, 10_000];
  const { size, before, after } = bendOf(sizes, [1, 10, 100, 1e4, 10 ** 6.2])!;
  t.is(size, 100);
  t.deepEqual([before, after].map(Math.round), [1, 2]);
  t.is(bendOf(sizes, [1, 10, 120, 1400, 16_000]), undefined);
  t.is(bendOf([1, 10], [1, 100]), undefined);
});

test('both sides take turns, the second first in every other round', async (t) => {
  const order: string[] = [];
  const notes = new Set<string>();
  const say = (word: string) => () => order.push(word);
  const turns = await inTurns(say('a'), say('b'), { rounds: 3, seconds: Infinity, notes });
  t.deepEqual(order, ['a', 'b', 'b', 'a', 'a', 'b']);
  t.deepEqual(turns, { ours: [1, 4, 5], theirs: [2, 3, 6] });
  t.is(notes.size, 0);
});

test('the first round always runs, time ends the others with a note, and one side alone is no comparison', async (t) => {
  const notes = new Set<string>();
  const late = await inTurns(() => 1, () => 2, { rounds: 3, seconds: 0, notes }); // prettier-ignore
  t.deepEqual(late, { ours: [1], theirs: [2] });
  t.regex([...notes][0], /fewer than 3 rounds/);
  let round = 0;
  const broken = await inTurns(() => 1, () => (round++ === 0 ? 2 : undefined), { rounds: 2, seconds: Infinity, notes }); // prettier-ignore
  t.deepEqual(broken, { ours: [1, 1], theirs: [] });
});

test('options are read or refused in a line', (t) => {
  t.is(numberOf({}, 'rows', 8, 2), 8);
  t.is(numberOf({ quick: 'yes' }, 'rows', 8, 2), 2);
  t.is(numberOf({ quick: 'yes', rows: '5' }, 'rows', 8, 2), 5);
  t.throws(() => numberOf({ rows: 'many' }, 'rows', 8), { message: 'invalid rows: many; a positive number needed' });
  t.deepEqual(listOf({ engines: 'wasm' }, 'engines', ['wasm', 'torch-cpu']), ['wasm']);
  t.throws(() => listOf({ engines: 'wsm' }, 'engines', ['wasm', 'torch-cpu']), { message: /unknown engines: wsm; did you mean wasm/ }); // prettier-ignore
});

test('rows of one first column are one table, in their order', (t) => {
  const values = Array.from({ length: 6 }, (_, i) => new RandomStream(i, 'rows').integer(100));
  const rows = values.map((value, i) => ({ [i % 2 === 0 ? 'loss' : 'items']: value }));
  t.deepEqual(
    tables(rows).map((table) => table.map((row) => Object.values(row)[0])),
    [values.filter((_, i) => i % 2 === 0), values.filter((_, i) => i % 2 === 1)],
  );
});
