import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { UsageError } from '../../src/errors.js';
import { checkExercise, type Chapter } from '../../src/figures/exercises.js';
import { tensorLoss } from '../../src/losses/index.js';

test.before(async () => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
});

/** Three points of the plane with these distances between 0 and 1, 0 and 2, 1 and 2. */
function withDistances(d01: number, d02: number, d12: number): Float32Array {
  const x = (d01 ** 2 + d02 ** 2 - d12 ** 2) / (2 * d01);
  return Float32Array.of(0, 0, d01, 0, x, Math.sqrt(d02 ** 2 - x ** 2));
}

/** The answers by the formulas, and by the code that trains where it computes the same. */
function answersOf(): Record<Chapter, number[]> {
  const softmax = ([first, ...others]: number[]) =>
    Math.exp(first) / [first, ...others].reduce((sum, x) => sum + Math.exp(x), 0);
  const right = [[2, 5, 9], [4, 4, 7], [3, 6, 2], [1, 8, 3], [6, 9, 5]].map(([a, b, c]) => Number(a < b && a < c)); // prettier-ignore
  const triplet = tensorLoss('triplet', { margin: 0.5 }, false);
  const huber = (x: number) => (Math.abs(x) <= 1 ? x ** 2 / 2 : Math.abs(x) - 0.5);
  return {
    'method-1': [
      softmax([-0.5 / 0.1, -0.6 / 0.1, -0.9 / 0.1]),
      right.reduce((sum, one) => sum + one) / right.length,
      triplet.value(withDistances(0.4, 0.7, 1.1 - 1e-7), 3, 2, { triplets: true, directed: false }),
    ],
    'method-2': [
      Array.from({ length: 20 }, (_, c) => (c * (c - 1)) / 2).reduce((sum, pairs) => sum + pairs),
      -Math.log(softmax([0.9 / 0.2, 0.5 / 0.2, 0.1 / 0.2])),
      (Math.hypot(1 - 0, 0 - 1) + Math.hypot(-1 - 0, 0 + 1)) / 2,
    ],
    'method-3': [1 / ((1 + 3) / 2), huber(2 - 0.5), Math.max(0, 0.3 - (0.7 - 0.6))],
  };
}

/** Typical wrong answers: computed as somebody would who makes the mistake. */
const mistakes: Record<Chapter, number[][]> = {
  'method-1': [
    [Math.exp(5) / (Math.exp(5) + Math.exp(6) + Math.exp(9)), Math.exp(-5) / (Math.exp(-5) + Math.exp(-6))],
    [3 / 5, 4 / 5],
    [0.2, (0.5 + 0.3 + 0.5 + 0.7) / 2],
  ],
  'method-2': [
    [20 * 19 * 18, (20 * 19) / 2],
    [Math.exp(4.5) / (Math.exp(4.5) + Math.exp(2.5) + Math.exp(0.5)), -Math.log10(0.86682)],
    [Math.hypot((1 - 1) / 2 - (0 + 0) / 2, 0), 2],
  ],
  'method-3': [
    [1 / ((0 + 1 + 3) / 3), 1],
    [1.5 ** 2 / 2, 1.5],
    [Math.max(0, 0.3 + 0.1), 0],
  ],
};

test('right answers are told from wrong ones, and typical mistakes from each other', (t) => {
  for (const [chapter, answers] of Object.entries(answersOf()) as [Chapter, number[]][])
    answers.forEach((answer, i) => {
      const says = (given: number | undefined) => checkExercise(chapter, i + 1, given);
      t.regex(says(answer), /: right; /, `${chapter} ${i + 1}: ${answer}`);
      t.regex(says(Number(answer.toPrecision(3))), /: right; /);
      const wrong = mistakes[chapter][i].map((mistake) => says(mistake));
      for (const message of wrong) t.regex(message, /: not yet; /, `${chapter} ${i + 1}`);
      t.is(new Set(wrong).size, wrong.length, `${chapter} ${i + 1}`);
      t.regex(says(123.456), /no common mistake/);
      t.regex(says(NaN), /no common mistake/);
      t.regex(says(undefined), /no answer yet/);
    });
});

test('an exercise that is not there is refused', (t) => {
  t.throws(() => checkExercise('method-1', 4, 1), {
    instanceOf: UsageError,
    message: /^unknown exercise: method-1 4; /,
  });
  t.throws(() => checkExercise(JSON.parse('"toString"') as Chapter, 1, 1), { instanceOf: UsageError });
});
