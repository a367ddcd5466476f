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

type Skipped = Engine['skipped'];

async function start(
  [name, provider]: [string, EngineProvider],
  precision: Precision,
  packages: Packages,
  skipped: Skipped,
): Promise<Engine> {
  const started = await startEngine(provider, packages);
  if (provider.setPrecision !== undefined) await provider.setPrecision(precision, packages);
  else if (precision !== 'float32')
    throw new UsageError(
      `invalid precision: ${precision}; engine ${name} computes only in float32, set engine=torch-cuda or leave the key out`,
    );
  return { name, gpu: provider.gpu, precision, ...started, skipped };
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
  const providers = Object.entries<EngineProvider>(engines);
  if (engine !== 'auto') {
    const chosen = providers.find(([name]) => name === engine);
    if (chosen === undefined) throw unknown('engine', engine, ['auto', ...Object.keys(engines)]);
    try {
      return await start(chosen, precision, packages, []);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`engine ${engine} does not work here: ${reasonOf(error)}; use engine: auto`);
    }
  }
  const skipped: Skipped = [];
  for (const [name, provider] of providers.filter(([, { automatic }]) => automatic)) {
    if (provider.gpu && !useGpu) skipped.push({ name, reason: 'use_gpu is false' });
    else
      try {
        const skipReason = await provider.skipReason?.(packages);
        if (skipReason === undefined) return await start([name, provider], precision, packages, skipped);
        skipped.push({ name, reason: skipReason });
      } catch (error) {
        if (error instanceof UsageError) throw error;
        skipped.push({ name, reason: reasonOf(error) });
      }
  }
  throw new UsageError(`no engine works here: ${skipped.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`);
}
