import test from 'ava';
import fc from 'fast-check';
import { classTripletsOf } from '../../src/datasets/sets/ihsj-class-triplets.js';

const [A, B, C] = [4, 1, 7];
/** Picture i is of class i. */
const identity = Int32Array.from({ length: 20 }, (_, i) => i);
const of = (triplets: readonly (readonly number[])[], contradictions: 'original' | 'meant') =>
  classTripletsOf(Int32Array.from(triplets.flat()), identity, contradictions);
const rows = (flat: Int32Array) =>
  Array.from({ length: flat.length / 3 }, (_, i) => [...flat.subarray(3 * i, 3 * i + 3)]);

test('triplets with a class twice are dropped, repeats kept once, groups in order of first appearance', (t) => {
  const found = of(
    [
      [5, 2, 9],
      [A, B, C],
      [5, 5, 2],
      [2, 5, 9],
      [A, B, C],
      [C, A, B],
      [5, 2, 9],
      [3, 3, 3],
    ],
    'original',
  );
  t.deepEqual(rows(found.triplets), [
    [5, 2, 9],
    [2, 5, 9],
    [A, B, C],
    [C, A, B],
  ]);
  t.like(found, { sameClass: 2, repeats: 2, contradictions: 0 });
});

const abc = [A, B, C];
const orders: Record<string, readonly [others: number[][], original: boolean, meant: boolean]> = {
  'the cycle (b,c,a),(c,a,b)': [[[B, C, A], [C, A, B]], true, true], // prettier-ignore
  'the same cycle in the other order': [[[C, A, B], [B, C, A]], false, true], // prettier-ignore
  'the slip (c,a,b),(b,a,c)': [[[C, A, B], [B, A, C]], true, false], // prettier-ignore
  'the slip in the other order': [[[B, A, C], [C, A, B]], false, false], // prettier-ignore
  'no cycle': [[[B, C, A], [C, B, A]], false, false], // prettier-ignore
};
for (const [name, [others, original, meant]] of Object.entries(orders))
  test(`three of the same classes: ${name}`, (t) => {
    const group = [abc, ...others];
    t.deepEqual(rows(of(group, 'original').triplets), original ? [] : group);
    t.deepEqual(rows(of(group, 'meant').triplets), meant ? [] : group);
    t.is(of(group, 'original').contradictions, original ? 3 : 0);
    t.is(of(group, 'meant').contradictions, meant ? 3 : 0);
  });

test('the cycle that goes round the other way is none of the original, but is meant', (t) => {
  const group = [
    [A, C, B],
    [B, A, C],
    [C, B, A],
  ];
  // Written from its own first: (a,c,b) is (a',b',c'), (b,a,c) is (c',a',b'), (c,b,a) is (b',c',a').
  t.deepEqual(rows(of(group, 'original').triplets), group);
  t.deepEqual(rows(of(group, 'meant').triplets), []);
});

test('a contradicting pair stays in the original, with what else there is; it was meant to go', (t) => {
  const pair = [abc, [A, C, B]];
  t.deepEqual(rows(of(pair, 'original').triplets), pair);
  t.deepEqual(rows(of(pair, 'meant').triplets), []);
  const three = [...pair, [B, A, C]];
  t.deepEqual(rows(of(three, 'original').triplets), three);
  t.deepEqual(rows(of(three, 'meant').triplets), [[B, A, C]]);
});

/** The reference's own steps, one after another. */
function naive(triplets: readonly (readonly number[])[]): number[][] {
  const groups = new Map<string, number[][]>();
  for (const triplet of triplets) {
    if (new Set(triplet).size < 3) continue;
    const key = [...triplet].sort((x, y) => x - y).join('_');
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    if (!group.some((other) => other.join() === triplet.join())) group.push([...triplet]);
  }
  for (const [key, group] of groups) {
    const kept = group.map(() => true);
    for (let i = 0; i < group.length; i++)
      for (let j = i + 1; j < group.length; j++)
        if (group[j].join() === [group[i][0], group[i][2], group[i][1]].join()) kept[i] = kept[j] = false;
    const left = group.filter((_, i) => kept[i]);
    if (left.length !== 3) continue;
    const [[a, b, c], second, third] = left;
    const order = `${second.join()};${third.join()}`;
    groups.set(key, order === `${b},${c},${a};${c},${a},${b}` || order === `${c},${a},${b};${b},${a},${c}` ? [] : left);
  }
  return [...groups.values()].flat();
}

const triplet = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4));

test("the original's rule equals its steps; what is meant leaves no contradiction and no other triplet out", (t) => {
  fc.assert(
    fc.property(fc.array(triplet, { maxLength: 80 }), (triplets) => {
      t.deepEqual(rows(of(triplets, 'original').triplets), naive(triplets));
      const meant = rows(of(triplets, 'meant').triplets).map((row) => row.join());
      const all = new Set(triplets.filter((row) => new Set(row).size === 3).map((row) => row.join()));
      for (const row of all) {
        const [a, b, c] = row.split(',');
        const pair = all.has([a, c, b].join());
        // d(a,b) < d(a,c), d(b,c) < d(b,a) and d(c,a) < d(c,b) cannot all be, unless a pair took one of them away.
        const circle = [
          [b, c, a],
          [c, a, b],
        ].every(([x, y, z]) => all.has([x, y, z].join()) && !all.has([x, z, y].join()));
        t.is(meant.includes(row), !pair && !circle);
      }
      t.is(new Set(meant).size, meant.length);
    }),
    { numRuns: 300 },
  );
});
