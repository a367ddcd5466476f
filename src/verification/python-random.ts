import { PythonRandom } from '../random/python-random.js';
import { differs, outcome, type Checker } from './outcome.js';

interface RandomCase {
  readonly seed: number;
  readonly random: number[];
  readonly getrandbits: (number | string)[];
  readonly randrange: number[];
  readonly shuffle20: number[];
  readonly sample20of20: number[];
  readonly sample5of1000: number[];
  readonly sample300of400: number[];
  readonly choice: number[];
}

const range = (n: number, first = 0): number[] => Array.from({ length: n }, (_, i) => first + i);

/** Checks CPython's `random`: one kind of draw after the other from one seed. */
export const checkPythonRandom: Checker = (content) =>
  (content as RandomCase[]).map((golden) =>
    outcome(`seed ${golden.seed}`, () => {
      const random = new PythonRandom(golden.seed);
      const shuffled = range(20);
      const draws: Record<string, unknown> = {
        random: golden.random.map(() => random.random()),
        getrandbits: [1, 5, 31, 32, 53].map((k) => random.getrandbits(k)),
        randrange: [1, 2, 7, 1000, 1e9].map((n) => random.randrange(n)),
        shuffle20: (random.shuffle(shuffled), shuffled),
        sample20of20: random.permutation(range(20)),
        sample5of1000: random.sample(range(1000), 5),
        sample300of400: random.sample(range(400), 300),
        choice: golden.choice.map(() => random.choice(range(7, 10))),
      };
      const expected: Record<string, unknown> = { ...golden, getrandbits: golden.getrandbits.map(Number) };
      for (const [kind, actual] of Object.entries(draws)) {
        const complaint = differs(kind, actual, expected[kind]);
        if (complaint !== undefined) return complaint;
      }
      return undefined;
    }),
  );
