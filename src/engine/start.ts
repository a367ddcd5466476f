import type { EngineProvider, StartedEngine } from './types.js';
import type { Packages } from './packages.js';

let prepared = false;
let current: (() => Promise<StartedEngine>) | undefined;

/** Prepares TensorFlow.js for any engine: its advertisement stays unprinted (warnings are), and einsum gets its gradient. */
async function prepare(): Promise<void> {
  if (prepared) return;
  prepared = true;
  const [tf, { registerEinsumGradient }] = await Promise.all([import('../tf.js'), import('./einsum-gradient.js')]);
  // The plain JavaScript backend praises the native packages at its first tensor; there is no flag for that alone.
  Object.assign(tf.findBackend('cpu'), { firstUse: false });
  registerEinsumGradient();
}

/** Makes an engine the one that computes. */
export async function startEngine(candidate: EngineProvider, packages: Packages): Promise<StartedEngine> {
  await prepare();
  const start = () => candidate.start(packages);
  const started = await start();
  current = start;
  return started;
}

/** Runs work that starts engines, and makes the one that computed before compute again; `otherwise` where there was none. */
export async function keepingEngine<T>(work: () => Promise<T>, otherwise: (result: T) => Promise<unknown>): Promise<T> {
  const before = current;
  const result = await work();
  await (before === undefined ? otherwise(result) : before());
  current = before ?? current;
  return result;
}
