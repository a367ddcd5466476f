import { unknown, UsageError } from '../errors.js';
import { engines, type Candidate, type Engine } from './engine.js';
import { installedPackages, type Packages } from './packages.js';
import { startEngine } from './start.js';

export type { Engine } from './engine.js';
export { describeEngines, type EngineReport } from './describe.js';

/** What is asked for: `use_gpu` and `engine` of a configuration. */
export interface EngineRequest {
  /** True: on a GPU engine if there is one, else on the best other one. False: no GPU engine is even loaded. */
  readonly useGpu: boolean;
  /** An engine's name, whatever `useGpu` says; `auto` or nothing: what `$TRIPLETLAB_ENGINE` names, or the first that works. */
  readonly engine?: string;
}

const ENGINE_VARIABLE = 'TRIPLETLAB_ENGINE';

type Tried = Engine['tried'];

async function start(name: string, candidate: Candidate, packages: Packages, tried: Tried): Promise<Engine> {
  return { name, gpu: candidate.gpu, ...(await startEngine(candidate, packages)), tried };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Starts the engine that is asked for and makes it the one that computes.
 *
 * Choosing another one later works too; tensors move over as they are used.
 *
 * @throws UsageError `unknown engine: wsam; did you mean wasm?`, or where the engine asked for does not work here
 */
export async function chooseEngine(
  { useGpu, engine: wanted = 'auto' }: EngineRequest,
  packages = installedPackages(),
): Promise<Engine> {
  const engine = wanted === 'auto' ? process.env[ENGINE_VARIABLE] || 'auto' : wanted;
  const candidates = Object.entries<Candidate>(engines);
  if (engine !== 'auto') {
    const chosen = candidates.find(([name]) => name === engine);
    if (chosen === undefined) throw unknown('engine', engine, ['auto', ...Object.keys(engines)]);
    try {
      return await start(...chosen, packages, []);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`engine ${engine} does not work here: ${reasonOf(error)}; use engine: auto`);
    }
  }
  const tried: Tried = [];
  for (const [name, candidate] of candidates.filter(([, { automatic }]) => automatic)) {
    if (candidate.gpu && !useGpu) tried.push({ name, reason: 'use_gpu is false' });
    else
      try {
        const refusal = await candidate.refusal?.(packages);
        if (refusal === undefined) return await start(name, candidate, packages, tried);
        tried.push({ name, reason: refusal });
      } catch (error) {
        if (error instanceof UsageError) throw error;
        tried.push({ name, reason: reasonOf(error) });
      }
  }
  throw new UsageError(`no engine works here: ${tried.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`);
}
