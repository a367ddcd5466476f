import { program, reasonOf, type Context, type Found, type Part } from './part.js';

async function run({ engine, seconds }: Context): Promise<Found> {
  const ended = await program(['dist/cli.js', 'doctor'], seconds);
  const lines = ended.output.split('\n').map((line) => /^([a-z]+(?:-[a-z]+)?) {2,}(.*)$/.exec(line));
  const names = ['tensorflow-cuda', 'torch-cuda', 'webgpu', 'torch-cpu', 'wasm'];
  const rows = lines.flatMap((line) => (line && names.includes(line[1]) ? [{ engine: line[1], state: line[2] }] : []));
  const own = rows.find((row) => row.engine === engine);
  if (own === undefined) return { failures: [`tripletlab doctor: ${reasonOf(ended, seconds)}`] };
  return { rows, failures: own.state.startsWith('passed over') ? [`${engine} ${own.state}`] : [] };
}

export const enginesPart: Part = { name: 'engines', title: 'Engines of this machine', seconds: 60, run };
