import { UsageError } from '../errors.js';

/** An exercise of a chapter: the right answer, and what typical wrong ones come from. */
interface Exercise {
  readonly right: number;
  /** Says why it is right. */
  readonly because: string;
  readonly mistakes: readonly { readonly answer: number; readonly says: string }[];
}

/** The share by which an answer may differ, so that rounding to three digits is no mistake. */
const TOLERANCE = 0.004;

/** The exercises at the end of each chapter, in their order. */
const exercises = {
  'method-1': [
    {
      right: 0.721,
      because: 'the nearest pair is the likeliest, and c, which is nearly as near to a, takes most of the rest',
      mistakes: [
        { answer: 0.0172, says: 'the exponents have the wrong sign: the nearer the pair, the likelier it is' },
        { answer: 0.388, says: 'the distances are not divided by the temperature' },
        { answer: 0.731, says: 'one pair is missing: of an undirected triplet, all three pairs stand below the line' },
      ],
    },
    {
      right: 0.4,
      because: 'only the first and the fourth triplet have their alike pair nearer than both other pairs',
      mistakes: [
        { answer: 0.6, says: 'a tie counts as right here; it is wrong, since nothing was told apart' },
        { answer: 0.8, says: 'this is the directed measure; undirected, the pair 12 must be farther than 01 as well' },
        { answer: 1, says: 'ties count as right here, and the pair 12 is not looked at' },
      ],
    },
    {
      right: 0.1,
      because: 'the first term is 0.5 - 0.3 = 0.2, the second is past the margin and 0, and half of the sum is 0.1',
      mistakes: [
        { answer: 0.2, says: 'the half before the sum is missing' },
        {
          answer: 0,
          says: 'the second term is negative here; max(0, ...) makes it 0, so that it cannot pay for the first',
        },
        { answer: 1, says: 'the differences have the wrong sign: it is the others that must be farther' },
      ],
    },
  ],
  'method-2': [
    {
      right: 1140,
      because: 'three of 20 items can be chosen in 20 x 19 x 18 / 6 ways',
      mistakes: [
        { answer: 6840, says: 'the order of the three items counts here; one question shows them in any order' },
        { answer: 3420, says: 'this is the number of questions with an anchor: three for each three items' },
        { answer: 190, says: 'this is the number of pairs' },
      ],
    },
    {
      right: 0.143,
      because: 'the answer has probability 0.867, and the loss is its negative natural logarithm',
      mistakes: [
        { answer: 0.867, says: 'this is the probability of the answer; the loss is its negative logarithm' },
        { answer: 0.0621, says: 'this is the logarithm to base 10; the loss has the natural one' },
        { answer: 0.751, says: 'the similarities are not divided by tau' },
      ],
    },
    {
      right: 1.414,
      because: 'both teachers put a and b at the distance of the root of 2, though they are turned against each other',
      mistakes: [
        {
          answer: 0,
          says: 'the embeddings are averaged before the distance is taken; they cancel, and the relation is lost',
        },
        { answer: 2, says: 'this is the squared distance' },
        { answer: 2.828, says: 'this is the sum over the teachers, not their mean' },
      ],
    },
  ],
  'method-3': [
    {
      right: 0.5,
      because: 'the mean of the distances 1 and 3 to the two others is 2, and 1 / 2 = 0.5',
      mistakes: [
        { answer: 0.75, says: 'the distance of a to itself, 0, is in the mean; only distances to others count' },
        { answer: 1, says: 'this is the distance itself; rkd divides it by the mean of its row' },
        { answer: 0.25, says: 'this is the share in the sum of the row; rkd divides by the mean' },
      ],
    },
    {
      right: 1,
      because: 'the difference 1.5 is above 1, where the Huber loss goes straight on: 1.5 - 0.5',
      mistakes: [
        { answer: 1.125, says: 'this is x² / 2, which holds up to 1 only' },
        { answer: 1.5, says: 'this is the difference itself; the straight part begins half lower' },
        { answer: 2.25, says: 'this is the squared difference' },
      ],
    },
    {
      right: 0.2,
      because: 'two of three teachers vote for the triplet, and it is right by 0.1 where 0.3 is wanted',
      mistakes: [
        { answer: 0.4, says: 'the difference has the wrong sign: k is to be farther than j, and it is' },
        {
          answer: 0,
          says: 'more than half of the teachers vote for the triplet, so it counts; a margin is still missing',
        },
        { answer: 0.1, says: 'this is how much farther k is; the loss is what is missing up to the margin' },
      ],
    },
  ],
} as const satisfies Record<string, readonly Exercise[]>;

/** The chapters that end with exercises. */
export type Chapter = keyof typeof exercises;

const near = (answer: number, expected: number): boolean =>
  Math.abs(answer - expected) <= TOLERANCE * Math.max(Math.abs(expected), 0.01);

/**
 * Says whether an answer to an exercise of a chapter is right and why, or else which mistake leads to it.
 *
 * @param number of the exercise, from 1
 * @param answer to three digits; undefined where none is given yet
 * @throws UsageError for an unknown chapter or exercise
 */
export function checkExercise(chapter: Chapter, number: number, answer: number | undefined): string {
  const list: readonly Exercise[] | undefined = Object.hasOwn(exercises, chapter) ? exercises[chapter] : undefined;
  const exercise = list?.[number - 1];
  if (exercise === undefined)
    throw new UsageError(
      `unknown exercise: ${chapter} ${number}; ${Object.keys(exercises).join(', ')} have three each, counted from 1`,
    );
  const start = `Exercise ${number}`;
  if (answer === undefined)
    return `${start}: no answer yet; write a number in place of undefined and run the cell again`;
  if (near(answer, exercise.right)) return `${start}: right; ${exercise.because}`;
  const mistake = exercise.mistakes.find((one) => near(answer, one.answer));
  if (mistake) return `${start}: not yet; ${mistake.says}`;
  return `${start}: not yet, and no common mistake leads to ${answer}; go through the formula again, with three digits`;
}
