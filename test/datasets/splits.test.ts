import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { splitFunctions, type SplitCase } from '../../src/verification/splits.js';
import { PythonRandom } from '../../src/random/python-random.js';
import { subsets } from '../../src/datasets/dataset.js';
import * as splits from '../../src/datasets/splits/splits.js';

const cases = JSON.parse(readFileSync('test/golden/splits.json', 'utf8')) as SplitCase[];

test('the golden file has every split function, twice', (t) => {
  t.is(cases.length, 16);
  t.deepEqual(new Set(cases.map((c) => c.split)), new Set(Object.keys(splitFunctions)));
});

for (const golden of cases)
  test(`${golden.split}, seed ${golden.seed}: groups and elements equal the reference's, in order`, (t) => {
    const groups = Int32Array.from(golden.groups.flat());
    const before = groups.slice();
    const split = splitFunctions[golden.split](groups, golden.elements, golden.extra, new PythonRandom(golden.seed));
    for (const subset of subsets) {
      t.deepEqual([...split.groups[subset]], golden.groups_by_subset[subset].flat(), subset);
      t.deepEqual([...split.elements[subset]], golden.elements_by_subset[subset], subset);
    }
    t.deepEqual(groups, before, 'the input stays as it was');
  });

const instance = fc.nat({ max: 29 });
const anyGroups = fc.array(fc.tuple(instance, instance, instance), { maxLength: 200 });
const seed = fc.nat();
const all = Array.from({ length: 30 }, (_, i) => i);
const perClass = Array.from({ length: 10 }, (_, c) => [c, c + 10, c + 20]);

/** The triplets of a flat array, as text. */
function texts(flat: Int32Array): string[] {
  return Array.from({ length: flat.length / 3 }, (_, i) => flat.slice(3 * i, 3 * i + 3).join(' '));
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const text of part) {
    at = whole.indexOf(text, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

test('by instance: the subsets part the instances, groups lie inside them and keep their order', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyGroups, seed, (groups, s) => {
        const flat = Int32Array.from(groups.flat());
        const { groups: parts, elements } = splits.splitGroupsByInstance(flat, all, new PythonRandom(s));
        const joined = subsets.flatMap((subset) => [...elements[subset]]).sort((a, b) => a - b);
        return (
          joined.join() === all.join() &&
          elements.training.length === 18 &&
          elements.validation.length === 6 &&
          subsets.every(
            (subset) =>
              isSubsequence(texts(parts[subset]), texts(flat)) &&
              // Complete, too: exactly the groups of three different instances of the subset.
              parts[subset].length / 3 ===
                groups.filter((g) => new Set(g).size === 3 && g.every((i) => elements[subset].includes(i))).length,
          )
        );
      }),
    ),
  );
});

test('by class, training and validation alike: no class is on both sides, no group is lost or doubled', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyGroups, seed, (groups, s) => {
        const flat = Int32Array.from(groups.flat());
        const random = new PythonRandom(s);
        const classes = perClass.map((_, c) => c);
        const split = splits.splitGroupsByClassSameTrainingValidation(flat, classes, perClass, random);
        const classesOf = (items: Iterable<number>) => new Set([...items].map((i) => i % 10));
        const known = classesOf(split.elements.training);
        const test = classesOf(split.elements.test);
        const left = [...split.groups.training, ...split.groups.validation];
        const m = left.length / 3;
        const expected = groups.filter((g) => new Set(g).size === 3 && g.every((i) => known.has(i % 10)));
        return (
          known.size === 8 &&
          test.size === 2 &&
          [...test].every((c) => !known.has(c)) &&
          [...classesOf(left)].every((c) => known.has(c)) &&
          [...classesOf(split.groups.test)].every((c) => test.has(c)) &&
          split.groups.training.length / 3 === Math.floor(0.8 * m) &&
          texts(Int32Array.from(left)).sort().join() ===
            expected
              .map((g) => g.join(' '))
              .sort()
              .join() &&
          isSubsequence(texts(split.groups.test), texts(flat)) &&
          split.elements.training.join() === split.elements.validation.join()
        );
      }),
    ),
  );
});

test('THINGS style: groups are parted by their number of test classes', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyGroups, fc.uniqueArray(instance, { minLength: 1 }), seed, (groups, testClasses, s) => {
        const flat = Int32Array.from(groups.flat());
        const random = new PythonRandom(s);
        const { groups: parts, elements } = splits.splitClassTripletsThingsStyle(flat, all, testClasses, random);
        const many = groups.filter((g) => [...new Set(g)].filter((i) => testClasses.includes(i)).length > 1);
        return (
          [...parts.test].join() === many.flat().join() &&
          parts.training.length + parts.validation.length + parts.test.length === flat.length &&
          [...elements.training, ...elements.test].sort((a, b) => a - b).join() === all.join()
        );
      }),
    ),
  );
});
