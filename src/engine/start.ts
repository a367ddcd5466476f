import type { EngineProvider, StartedEngine } from './types.js';
import type { Packages } from './packages.js';

let prepared = false;
let current: (() => Promise<StartedEngine>) | undefined;

/** Prepares TensorFlow.js for any engine: hides its advertisement (not its warnings) and gives einsum its gradient. */
async function prepare(): Promise<void> {
  if (prepared) return;
  prepared = true;
  const [tf, { registerEinsumGradient }] = await Promise.all([import('../tf.js'), import('./einsum-gradient.js')]);
  // The plain JavaScript backend advertises the native packages at its first tensor; no flag turns off that alone.
  Object.assign(tf.findBackend('cpu'), { firstUse: false });
  registerEinsumGradient();
}

/** Makes an engine the active one. */
export async function startEngine(candidate: EngineProvider, packages: Packages): Promise<StartedEngine> {
  await prepare();
  const start = () => candidate.start(packages);
  const started = await start();
  current = start;
  return started;
}

/** Runs work that starts engines, then activates the engine that was active before; if none was, runs `otherwise`. */
export async function keepingEngine<T>(work: () => Promise<T>, otherwise: (result: T) => Promise<unknown>): Promise<T> {
  const before = current;
  const result = await work();
  await (before === undefined ? otherwise(result) : before());
  current = before ?? current;
  return result;
}
