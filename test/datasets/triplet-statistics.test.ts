import test from 'ava';
import { tripletStatistics } from '../../src/datasets/index.js';

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
    ceiling: 4 / 5,
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
    ceiling: 3 / 5,
  });
});
