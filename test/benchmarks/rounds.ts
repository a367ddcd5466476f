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
    if (round % 2 === 1) b.push(await theirs());
    a.push(await ours());
    if (round % 2 === 0) b.push(await theirs());
  }
  const found = b.filter((value) => value !== undefined);
  return { ours: a, theirs: found.length === a.length ? found : [] };
}
