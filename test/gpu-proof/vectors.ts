import { program, reasonOf, type Context, type Found, type Part } from './part.js';

/** Compares an engine with the vectors by `tripletlab verify`: counts for each file. */
export async function verified(engine: string, seconds: number, only?: string): Promise<Found> {
  const chosen = only === undefined ? [] : ['--only', only];
  const ended = await program(['dist/cli.js', 'verify', '--engine', engine, ...chosen], seconds);
  const counted = [...ended.output.matchAll(/^(\S+): (\d+) passed, (\d+) failed/gm)];
  return {
    rows: counted.map(([, vectors, passed, failed]) => ({ vectors, passed: Number(passed), failed: Number(failed) })),
    failures: ended.status === 0 ? [] : [reasonOf(ended, seconds)],
    log: ended.output,
  };
}

const run = ({ engine, dry, seconds }: Context): Promise<Found> =>
  verified(engine, seconds, dry ? 'losses,optimizers' : undefined);

export const vectorsPart: Part = { name: 'vectors', title: "The original's vectors", seconds: 90, run };
