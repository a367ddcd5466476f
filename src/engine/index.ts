import type { Precision } from '../catalogue/engines.js';
import { unknown, UsageError } from '../errors.js';
import { engines } from './providers.js';
import type { EngineProvider, Engine } from './types.js';
import { installedPackages, type Packages } from './packages.js';
import { startEngine } from './start.js';

export type { Engine } from './types.js';
export { asOutOfMemory, OutOfMemory } from './out-of-memory.js';
export { describeEngines, type EngineReport } from './describe.js';

/** Holds what a configuration asks for by `use_gpu` and `engine`. */
export interface EngineRequest {
  /** True: a GPU engine if there is one, else the best other one. False: no GPU engine is even loaded. */
  readonly useGpu: boolean;
  /**
   * An engine's name, which `useGpu` does not overrule. With `auto` or nothing, the engine that `$TRIPLETLAB_ENGINE`
   * names, or else the first that works.
   */
  readonly engine?: string;
  /** The precision of the factors of products and convolutions (default `float32`). */
  readonly precision?: Precision | undefined;
}

const ENGINE_VARIABLE = 'TRIPLETLAB_ENGINE';

type Tried = Engine['tried'];

async function start(
  [name, candidate]: [string, EngineProvider],
  precision: Precision,
  packages: Packages,
  tried: Tried,
): Promise<Engine> {
  const started = await startEngine(candidate, packages);
  if (candidate.setPrecision !== undefined) await candidate.setPrecision(precision, packages);
  else if (precision !== 'float32')
    throw new UsageError(
      `invalid precision: ${precision}; engine ${name} has float32 alone, set engine=torch-cuda or leave it out`,
    );
  return { name, gpu: candidate.gpu, precision, ...started, tried };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Starts the engine that is asked for and makes it the active one.
 *
 * Another engine can be chosen later; tensors move to it as they are used.
 *
 * @throws UsageError where the name is unknown (`unknown engine: wsam; did you mean wasm?`), the engine does not work
 *   here, or it lacks the precision
 */
export async function chooseEngine(
  { useGpu, engine: wanted = 'auto', precision = 'float32' }: EngineRequest,
  packages = installedPackages(),
): Promise<Engine> {
  const engine = wanted === 'auto' ? process.env[ENGINE_VARIABLE] || 'auto' : wanted;
  const candidates = Object.entries<EngineProvider>(engines);
  if (engine !== 'auto') {
    const chosen = candidates.find(([name]) => name === engine);
    if (chosen === undefined) throw unknown('engine', engine, ['auto', ...Object.keys(engines)]);
    try {
      return await start(chosen, precision, packages, []);
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
        const refusal = await candidate.skipReason?.(packages);
        if (refusal === undefined) return await start([name, candidate], precision, packages, tried);
        tried.push({ name, reason: refusal });
      } catch (error) {
        if (error instanceof UsageError) throw error;
        tried.push({ name, reason: reasonOf(error) });
      }
  }
  throw new UsageError(`no engine works here: ${tried.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`);
}
