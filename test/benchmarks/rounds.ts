import { setTimeout } from 'node:timers/promises';
import { numberOf, type Options } from './report.js';

/** What was measured side by side. */
export interface Turns<A, B> {
  readonly ours: readonly A[];
  /** Of the same rounds; empty where the other program gave nothing. */
  readonly theirs: readonly B[];
}

export interface RoundsOptions {
  readonly rounds: number;
  /** No round starts that would probably end after so many seconds; the first always does. */
  readonly seconds: number;
  /** Told where time ended the rounds early. */
  readonly notes: Set<string>;
}

/** As the options say, or as usual, or as in a quick run. */
export const limitsOf = (
  options: Options,
  notes: Set<string>,
  usual: { readonly rounds: number; readonly seconds: number },
  quick: { readonly rounds: number; readonly seconds?: number },
): RoundsOptions => ({
  rounds: numberOf(options, 'rounds', usual.rounds, quick.rounds),
  seconds: numberOf(options, 'seconds', usual.seconds, quick.seconds ?? usual.seconds),
  notes,
});

/** Milliseconds before each turn, in which the other side's threads end their busy waiting. */
const REST = 300;

/** Measures ours and theirs in turns, the second first in every other round. */
export async function inTurns<A, B>(
  ours: () => A | Promise<A>,
  theirs: () => B | undefined | Promise<B | undefined>,
  { rounds, seconds, notes }: RoundsOptions,
): Promise<Turns<A, B>> {
  const [a, b]: [A[], (B | undefined)[]] = [[], []];
  const start = performance.now();
  const spent = (): number => (performance.now() - start) / 1000;
  for (let round = 0; round < rounds; round++) {
    if (round > 0 && spent() * (1 + 1 / round) > seconds) {
      notes.add(`some rows have fewer than ${rounds} rounds: ${seconds} s are allowed for each (seconds=...)`);
      break;
    }
    for (const turn of round % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours']) {
      await setTimeout(REST);
      if (turn === 'ours') a.push(await ours());
      else b.push(await theirs());
    }
  }
  const found = b.filter((value) => value !== undefined);
  return { ours: a, theirs: found.length === a.length ? found : [] };
}
