import test from 'ava';
import { describeStatistics, tripletStatistics } from '../../src/datasets/index.js';

test('anchor, near, far: questions, repeats and contradictions, counted by hand', (t) => {
  const rows = [
    [0, 1, 2],
    [0, 1, 2], // a repeat
    [0, 2, 1], // the same question, the other answer
    [1, 0, 2], // another anchor, another question
    [4, 2, 0],
  ];
  t.deepEqual(tripletStatistics(Int32Array.from(rows.flat()), true), {
    triplets: 5,
    items: 4,
    fewest: 1,
    mean: 15 / 4,
    most: 5,
    questions: 3,
    possible: 12, // 4 anchors, 3 pairs of others each
    repeated: 1,
    contradicted: 1,
    // Three answers to one question are too few to say how far people agree.
    ceiling: { questions: 1, answers: 3, others: null, ceiling: null, persons: [] },
  });
});

test('odd one out: the first two have no order, and three things are one question', (t) => {
  const rows = [
    [0, 1, 2],
    [1, 0, 2], // a repeat
    [0, 2, 1], // another odd one
    [2, 1, 0], // and the third
    [0, 1, 3],
  ];
  t.like(tripletStatistics(Int32Array.from(rows.flat()), false), {
    items: 4,
    questions: 2,
    possible: 4,
    repeated: 1,
    contradicted: 1,
    ceiling: { questions: 1, answers: 4, others: null, ceiling: null, persons: [] },
  });
});

test('in words: what cannot be estimated is said to be so, the rest has its interval', (t) => {
  const last = (triplets: number[]) =>
    describeStatistics(tripletStatistics(Int32Array.from(triplets), true))
      .slice(-3)
      .map(({ count }) => count);
  t.deepEqual(last([0, 1, 2, 0, 1, 2]), [1, 'not estimable', 'not estimable']);
  const agreed = Array.from({ length: 120 }, (_, i) => [i % 60, 60, 61]).flat();
  const [questions, others, ceiling] = last(agreed);
  t.deepEqual([questions, others], [60, '1.000 (1.000 to 1.000)']);
  t.regex(String(ceiling), /^(1\.000|0\.999) \(/);
});
