import { program, reasonOf, type Context, type Found, type Part } from './part.js';

async function run({ engine, dry, seconds }: Context): Promise<Found> {
  const only = dry ? ['--only', 'losses,optimizers'] : [];
  const ended = await program(['dist/cli.js', 'verify', '--engine', engine, ...only], seconds);
  const counted = [...ended.output.matchAll(/^(\S+): (\d+) passed, (\d+) failed/gm)];
  return {
    rows: counted.map(([, vectors, passed, failed]) => ({ vectors, passed: Number(passed), failed: Number(failed) })),
    failures: ended.status === 0 ? [] : [reasonOf(ended, seconds)],
    log: ended.output,
  };
}

export const vectorsPart: Part = { name: 'vectors', title: "The original's vectors", seconds: 90, run };
