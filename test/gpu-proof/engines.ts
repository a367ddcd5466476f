import { program, reasonOf, type Context, type Found, type Part } from './part.js';

const names = ['tensorflow-cuda', 'torch-cuda', 'webgpu', 'torch-cpu', 'wasm'];

/** What `tripletlab doctor` says of an engine. */
interface State {
  readonly engine: string;
  readonly state: string;
}

/**
 * What `tripletlab doctor` says of each engine.
 *
 * @throws Error where it says nothing of the one that is asked for
 */
export async function engineStates(asked: string, seconds: number): Promise<{ all: readonly State[]; own: State }> {
  const ended = await program(['dist/cli.js', 'doctor'], seconds);
  const lines = ended.output.split('\n').map((line) => /^([a-z]+(?:-[a-z]+)?) {2,}(.*)$/.exec(line));
  const all = lines.flatMap((line) => (line && names.includes(line[1]) ? [{ engine: line[1], state: line[2] }] : []));
  const own = all.find(({ engine }) => engine === asked);
  if (own === undefined) throw new Error(`tripletlab doctor: ${reasonOf(ended, seconds)}`);
  return { all, own };
}

export const works = ({ state }: State): boolean => !state.startsWith('passed over');

async function run({ engine, seconds }: Context): Promise<Found> {
  const { all, own } = await engineStates(engine, seconds);
  return {
    rows: all.map((one) => ({ ...one })),
    failures: works(own) ? [] : [`${engine} ${own.state}`],
    blocks: !works(own),
  };
}

export const enginesPart: Part = { name: 'engines', title: 'Engines of this machine', seconds: 60, run };
