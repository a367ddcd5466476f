import { program, reasonOf, type Context, type Found, type Part } from './part.js';

async function run({ engine, seconds }: Context): Promise<Found> {
  if (!engine.startsWith('torch')) return { skipped: `engine ${engine} needs no building` };
  const start = performance.now();
  const ended = await program(['src/setup/build-torch.mjs'], seconds);
  const took = (performance.now() - start) / 1000;
  const lines = ended.output.split('\n').filter((line) => line.startsWith('build/torch: '));
  return {
    rows: [{ built: lines.at(-1) ?? '', seconds: took }],
    failures: ended.status === 0 ? [] : [reasonOf(ended, seconds)],
    blocks: ended.status !== 0,
    log: ended.output,
  };
}

export const buildPart: Part = {
  name: 'build',
  title: 'The addon, built against the torch of this machine, and its check on the processor',
  seconds: 200,
  run,
};
