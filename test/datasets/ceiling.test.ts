import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { fitPatterns } from '../../src/datasets/ceiling/answer-model.js';
import { majorityShare, tripletCeiling } from '../../src/datasets/ceiling/ceiling.js';
import { readCustomData } from '../../src/datasets/custom/custom-triplets.js';
import { readThings } from '../../src/datasets/sets/things.js';
import { syntheticDataset } from '../../src/datasets/synthetic/synthetic.js';
import { bayesCeiling } from '../../src/datasets/synthetic/synthetic-triplets.js';
import { RandomStream } from '../../src/random/stream.js';
import { bootstrapWeights } from '../../src/statistics/bootstrap.js';
import { tripletlab } from '../command-line.js';
import { coverage } from './ceiling-draws.js';
import { folderOf } from './folders.js';

const near = (t: { true: (value: boolean, message: string) => void }, a: number, b: number, by: number): void => {
  t.true(Math.abs(a - b) <= by, `${a}, ${b}`);
};

/** The leave-one-answer-out rate by the words of its definition: every answer against every other one. */
function naiveOthers(triplets: Int32Array, directed: boolean, persons?: readonly unknown[]) {
  const said = Array.from({ length: triplets.length / 3 }, (_, t) => {
    const [a, b, c] = triplets.subarray(3 * t, 3 * t + 3);
    const question = directed ? `${a}:${Math.min(b, c)},${Math.max(b, c)}` : [a, b, c].sort((x, y) => x - y).join();
    return { question, answer: directed ? b : c, person: persons?.[t] ?? t };
  });
  const kept = said.filter(
    (one, t) => !said.slice(0, t).some((other) => other.question === one.question && other.person === one.person),
  );
  let [right, answers] = [0, 0];
  for (const one of kept) {
    const others = kept.filter((other) => other !== one && other.question === one.question);
    if (others.length === 0) continue;
    answers++;
    const votes = new Map<number, number>();
    for (const { answer } of others) votes.set(answer, (votes.get(answer) ?? 0) + 1);
    const most = Math.max(...votes.values());
    const best = [...votes].filter(([, count]) => count === most).map(([answer]) => answer);
    if (best.includes(one.answer)) right += 1 / best.length;
  }
  return { value: right / answers, answers };
}

test('a tie of the others counts half, of three a third', (t) => {
  t.deepEqual([majorityShare([2, 1], 0), majorityShare([2, 1], 1)], [1 / 2, 0]);
  t.deepEqual([majorityShare([1, 1], 0), majorityShare([3, 0], 0)], [0, 1]);
  t.is(majorityShare([2, 1, 1], 0), 1 / 3);
});

for (const directed of [true, false])
  test(`${directed ? 'directed' : 'undirected'}: the rate of the others is that of a naive count, with persons and without`, (t) => {
    const stream = new RandomStream(2, 'answers', Number(directed));
    const m = 700;
    const triplets = Int32Array.from(Array.from({ length: m }, () => [...stream.permutation(5)].slice(0, 3)).flat());
    const persons = Array.from({ length: m }, () => stream.integer(9));
    for (const who of [undefined, persons]) {
      // A question for every answer to others, so that some are not repeated.
      const few = triplets.subarray(0, who ? triplets.length : 3 * 120);
      const found = tripletCeiling(few, directed, { persons: who });
      const { value, answers } = naiveOthers(few, directed, who);
      t.is(found.answers, answers);
      if (found.others) near(t, found.others.value, value, 1e-12);
      else t.true(found.questions < 50);
      if (!who) continue;
      const weighted = found.persons.reduce((sum, one) => sum + one.others * one.answers, 0);
      near(t, weighted / found.answers, value, 1e-12);
      t.is(found.persons.length, 9);
    }
  });

test('nothing is estimated from few repeated questions, and a question that was asked once tells nothing', (t) => {
  const asked = (questions: number) =>
    Int32Array.from(Array.from({ length: questions }, (_, i) => [3 * i, 3 * i + 1, 3 * i + 2]).flat());
  t.like(tripletCeiling(asked(1000), true), { questions: 0, answers: 0, others: null, ceiling: null });
  const twice = (n: number) => Int32Array.from([...asked(1000), ...asked(n)]);
  t.like(tripletCeiling(twice(49), true), { questions: 49, answers: 98, others: null, ceiling: null });
  const { others, ceiling } = tripletCeiling(twice(50), true);
  t.deepEqual(others, { value: 1, low: 1, high: 1 });
  t.true(ceiling!.value > 0.999 && ceiling!.value <= 1, `${ceiling!.value}`);
  t.throws(() => tripletCeiling(asked(3), true, { persons: [1, 2] }), {
    instanceOf: UsageError,
    message: 'invalid persons: 2 for 3 triplets; give one for each',
  });
});

for (const directed of [true, false])
  test(`the model of ${directed ? 'two' : 'three'} answers is that of draws of utilities`, (t) => {
    const [first, second] = directed ? [[3, 0], [2, 1]] : [[3, 1, 0], [2, 1, 1]]; // prettier-ignore
    const at = 20;
    const spread = 0.08 * 1.18 ** at;
    const stream = new RandomStream(4, 'utilities');
    const sums = { first: 0, second: 0, most: 0 };
    for (let i = 0; i < 100_000; i++) {
      const weights = first.map(() => Math.exp(spread * stream.normal()));
      const p = weights.map((weight) => weight / weights.reduce((x, y) => x + y));
      const chance = (counts: number[]) => counts.reduce((product, count, k) => product * p[k] ** count, 1);
      sums.first += chance(first);
      sums.second += chance(second);
      sums.most += chance(first) * Math.max(...p);
    }
    const [a, b] = fitPatterns([first, second], directed);
    near(t, Math.exp(a.logLikelihood[at] - b.logLikelihood[at]) / (sums.first / sums.second), 1, 0.03);
    near(t, a.likeliest[at], sums.most / sums.first, 0.003);
  });

test('weights of the bootstrap have the mean and variance of gamma variates', (t) => {
  const stream = new RandomStream(1, 'weights');
  for (const size of [1, 2, 30]) {
    const values = bootstrapWeights(new Array<number>(40_000).fill(size), stream);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    // Both are the size.
    near(t, mean / size, 1, 0.03);
    near(t, variance / size, 1, 0.08);
  }
});

test('of 20 draws the interval holds the true ceiling in all but a few', (t) => {
  for (const directed of [true, false]) {
    const { covered, bias } = coverage({ directed, temperature: 0.1, questions: 400, answers: 3 }, 20);
    t.true(covered >= 17, `${covered}`);
    near(t, bias, 0, 0.01);
  }
});

test('answers to a question follow each other, and one to each is what it was', (t) => {
  const section = {
    name: 'SyntheticTInd',
    version: 'psycho',
    batch_size: 9,
    raw_data_directory_name: null,
    data_directory_name: null,
    num_items: 30,
    num_triplets: 3000,
  } as const;
  const digest = ({ drawn }: { drawn: Int32Array }) =>
    createHash('sha256')
      .update(new Uint8Array(drawn.buffer, drawn.byteOffset, drawn.byteLength))
      .digest('hex')
      .slice(0, 16);
  // Of the version before there was the setting.
  t.deepEqual(
    [digest(syntheticDataset(section)), digest(syntheticDataset({ ...section, directed: true }))],
    ['7904c745504416d5', '689377f629517f46'],
  );
  const { drawn } = syntheticDataset({ ...section, num_triplets: 21_000, answers_per_question: 7 });
  t.is(drawn.length, 63_000);
  const answers = new Set<string>();
  for (let i = 0; i < 21_000; i++) {
    const of = (t: number) => [...drawn.subarray(3 * t, 3 * t + 3)].sort((x, y) => x - y).join();
    t.is(of(i), of(i - (i % 7)));
    answers.add(`${i - (i % 7)} ${drawn[3 * i + 2]}`);
  }
  t.true(answers.size > 1.2 * 3000, 'some answers differ');
  t.throws(() => syntheticDataset({ ...section, answers_per_question: 0 }), {
    message: 'invalid dataset.answers_per_question: 0; an integer from 1 to 1000',
  });
});

const names = ['a', 'b', 'c', 'd'];
const own = (t: Parameters<typeof folderOf>[0], text: string) =>
  folderOf(t, { ...Object.fromEntries(names.map((name) => [`images/${name}.jpg`, ''])), 'triplets.csv': text });
const read = (root: string) =>
  readCustomData({ name: 'CustomTripletsTInd', version: 'psycho', raw_data_directory_name: root });

test('a column of persons is kept beside the triplets', (t) => {
  const { triplets, persons, notes } = read(own(t, 'worker_id,head,winner,loser\nann,a,b,c\nbob,a,c,b\nann,d,b,c\n'));
  t.deepEqual(persons, { numbers: Int32Array.of(0, 1, 0), names: ['ann', 'bob'] });
  t.deepEqual([...triplets], [0, 1, 2, 0, 2, 1, 3, 1, 2]);
  t.deepEqual(notes, []);
  const without = read(own(t, 'person,anchor,near,far\nann,a,b,c\n,a,c,b\n'));
  t.is(without.persons, undefined);
  t.is(without.notes[0], 'rows of triplets.csv name no person: persons are left out');
  t.is(read(own(t, 'person,rater,anchor,near,far\nx,y,a,b,c\n')).persons, undefined, 'two columns: none is meant');
  t.is(read(own(t, 'a,b,c\na,c,b\n')).persons, undefined);
});

test('`data ceiling` prints the ceiling of each part, and refuses what has none', (t) => {
  const synthetic = 'configurations/synthetic/synthetic_p_ste.yaml';
  const { status, stdout } = tripletlab(['data', 'ceiling', synthetic, 'dataset.answers_per_question=5']);
  const [header, ...rows] = stdout.trimEnd().split('\n');
  t.deepEqual(
    [status, header],
    [0, 'part,triplets,questions,answers,others,others_low,others_high,ceiling,ceiling_low,ceiling_high'],
  );
  t.deepEqual(
    rows.map((row) => row.split(',')[0]),
    ['training', 'validation', 'test', 'all'],
  );
  const all = rows[3].split(',').map(Number);
  t.is(all[1], 30_000);
  const { factors, factorNames, noise, drawn } = syntheticDataset({
    name: 'SyntheticTInd',
    version: 'psycho',
    batch_size: 300,
    raw_data_directory_name: null,
    data_directory_name: null,
    answers_per_question: 5,
  });
  const truth = bayesCeiling({ factors, k: factorNames.length }, noise, drawn);
  t.true(all[8] < truth && truth < all[9], `${truth}: ${rows[3]}`);
  const noPersons = tripletlab(['data', 'ceiling', synthetic, '--persons']);
  t.is(noPersons.status, 1);
  t.regex(noPersons.stderr, /^tripletlab: unknown persons of SyntheticTInd: .*column person.*\n$/);
});

test('`data ceiling --persons` has a line for each person, under the name in the file', (t) => {
  const items = Array.from({ length: 20 }, (_, i) => `p${i}`);
  const stream = new RandomStream(6, 'people');
  const people = ['ann', 'bob', 'eve'];
  const rows = Array.from({ length: 1800 }, () => [...stream.permutation(20)].slice(0, 3));
  const asked = [...rows, ...rows].map((row, i) => ({ person: people[Math.floor(i / 1200)], row }));
  const root = folderOf(t, {
    ...Object.fromEntries(items.map((name) => [`images/${name}.jpg`, ''])),
    'triplets.csv': [
      'anchor,near,far,person',
      ...asked.map(({ person, row }) => [...row.map((i) => items[i]), person].join()),
    ].join('\n'),
  });
  const configuration = 'configurations/custom/custom_p_ste.yaml';
  const { status, stdout, stderr } = tripletlab([
    'data',
    'ceiling',
    configuration,
    `dataset.raw_data_directory_name=${root}`,
    '--persons',
  ]);
  const numbers = Int32Array.from(items.map((name) => items.toSorted().indexOf(name)));
  const triplets = Int32Array.from(asked.flatMap(({ row }) => row.map((i) => numbers[i])));
  const who = asked.map(({ person }) => person);
  const { persons } = tripletCeiling(triplets, true, { persons: who });
  const [header, ...lines] = stdout.trimEnd().split('\n');
  t.deepEqual([status, header], [0, 'person,answers,others'], stderr);
  t.deepEqual(
    lines.map((line) => line.split(',').slice(0, 2)),
    persons.map(({ person, answers }) => [person, String(answers)]),
  );
});

test('with many answers to a question the ceiling is the truth, whatever the questions are like', (t) => {
  // Every question divides people alike, as no two utilities that are drawn do.
  const cases = [
    { directed: true, shares: [0.7, 0.3] },
    { directed: false, shares: [0.6, 0.3, 0.1] },
  ];
  for (const { directed, shares } of cases)
    for (const { answers, off } of [
      { answers: 200, off: 0.01 },
      { answers: 1000, off: 0.003 },
    ]) {
      // prettier-ignore
      const rows = Array.from({ length: 60 }, (_, q) =>
        shares.flatMap((share, answer) => {
          const [a, b, c] = [3 * q, 3 * q + 1, 3 * q + 2];
          const said = [[a, b, c], [a, c, b], [b, c, a]][answer]; // prettier-ignore
          return Array.from({ length: Math.round(answers * share) }, () => said).flat();
        }),
      );
      const { ceiling, others } = tripletCeiling(Int32Array.from(rows.flat()), directed);
      near(t, ceiling!.value, shares[0], off);
      near(t, others!.value, shares[0], 1e-9);
    }
});

const data = process.env['TRIPLETLAB_DATA'];
const reason = '(skipped where TRIPLETLAB_DATA has no such data)';
const facesFile = data && join(data, 'faces36', 'triplets_individual.csv');
const withFaces = facesFile && existsSync(facesFile) ? test : test.skip;
withFaces(`39 people about 36 faces: the ceiling does not depend on the number of answers ${reason}`, (t) => {
  const rows = readFileSync(facesFile!, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const triplets = Int32Array.from(rows.flatMap((row) => row.slice(0, 3).map(Number)));
  const persons = rows.map((row) => row[3]);
  t.is(rows.length, 39_468);
  const found = tripletCeiling(triplets, true, { persons });
  t.is(found.persons.length, 39);
  t.true(found.others!.value > 0.67 && found.others!.value < 0.7);
  t.true(found.ceiling!.value > 0.74 && found.ceiling!.value < 0.77);
  // Two answers of each question tell the majority less and the ceiling the same.
  const kept = new Map<string, Set<string>>();
  const two = rows.filter(([a, b, c, person]) => {
    const key = [a, ...[b, c].sort()].join();
    const people = kept.get(key) ?? new Set<string>();
    if (people.size === 2 || people.has(person)) return false;
    kept.set(key, people.add(person));
    return true;
  });
  const less = tripletCeiling(Int32Array.from(two.flatMap((row) => row.slice(0, 3).map(Number))), true);
  t.is(less.answers, 2 * less.questions);
  t.true(less.others!.high < found.others!.value);
  near(t, less.ceiling!.value, found.ceiling!.value, 0.01);
});

const things = data && join(data, 'things');
const withThings = things && existsSync(join(things, 'Revealing')) ? test : test.skip;
withThings(`THINGS: too few questions repeat ${reason}`, (t) => {
  const { classTriplets } = readThings(things!, 'optional');
  const found = tripletCeiling(classTriplets, false);
  if (classTriplets.length === 3 * 146_168) t.is(found.questions, 8);
  t.is(found.ceiling, null);
  t.is(found.others, null);
});
