import type { KernelBackend, KernelConfig } from '../../tf.js';
import type { Packages } from '../packages.js';

/** The name of the backend of native TensorFlow; its two packages register the same one. */
export const TENSORFLOW = 'tensorflow';

/** Holds what a package has registered, so that two packages can take turns. */
interface Registration {
  readonly backend: KernelBackend;
  readonly kernels: KernelConfig[];
}

/** The folder in these packages into which their installation downloads the native library. */
const LIBRARY = 'lib';

/** What loading each package gave: its registration, or the error. */
const loaded = new WeakMap<Packages, Map<string, Registration | Error>>();
let active: Registration | undefined;

/** Removes the backend of native TensorFlow and its kernels. */
async function withdraw(): Promise<void> {
  const tf = await import('../../tf.js');
  for (const { kernelName } of tf.getKernelsForBackend(TENSORFLOW)) tf.unregisterKernel(kernelName, TENSORFLOW);
  if (tf.findBackendFactory(TENSORFLOW) !== null) tf.removeBackend(TENSORFLOW);
  active = undefined;
}

/** Loads a package; it registers its backend as it loads. */
async function register(
  name: string,
  packages: Packages,
  check: (backend: KernelBackend) => void,
): Promise<Registration> {
  const tf = await import('../../tf.js');
  // otherwise TensorFlow logs each library and device that it opens; warnings stay
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
  packages.load(name);
  const backend = tf.findBackend(TENSORFLOW) as KernelBackend | null;
  if (backend === null) throw new Error(`${name} registers no backend`);
  check(backend);
  return { backend, kernels: tf.getKernelsForBackend(TENSORFLOW) };
}

/**
 * Returns the version of an installed package of native TensorFlow without loading it.
 *
 * @throws Error where it is not installed, or has no native library (loading it would take long and fail)
 */
export function tensorflowVersion(name: string, packages: Packages): string {
  const version = packages.version(name);
  if (version === undefined) throw new Error(`${name} is not installed; npm install ${name}@4.22.0 adds it`);
  if (!packages.contains(name, LIBRARY))
    throw new Error(`${name} has no native library: its download at installation failed or was not allowed`);
  return version;
}

/**
 * Loads a package of native TensorFlow, once in a process, and makes its backend the active one.
 *
 * @param check throws where the backend is not the one that is wanted
 * @throws Error with the reason in one line where the package does not work
 */
export async function startTensorFlow(
  name: string,
  packages: Packages,
  check: (backend: KernelBackend) => void = () => undefined,
): Promise<void> {
  const tf = await import('../../tf.js');
  const known = loaded.get(packages) ?? new Map<string, Registration | Error>();
  loaded.set(packages, known);
  const before = known.get(name);
  // A package that failed has left parts of itself in the process: it is not loaded again.
  if (before instanceof Error) throw before;
  if (before === undefined || active !== before) {
    const computing = tf.getBackend() as string | undefined;
    await withdraw();
    if (before === undefined)
      try {
        known.set(name, (active = await register(name, packages, check)));
      } catch (error) {
        await withdraw();
        if (computing !== undefined && computing !== TENSORFLOW) await tf.setBackend(computing);
        const reason = firstLine(error);
        known.set(name, reason);
        throw reason;
      }
    else {
      before.kernels.forEach(tf.registerKernel);
      tf.registerBackend(TENSORFLOW, () => before.backend);
      active = before;
    }
  }
  if (!(await tf.setBackend(TENSORFLOW))) throw new Error(`the backend of ${name} does not start`);
}

/** Shortens an error to its first line that is not empty: native loaders write paragraphs. */
function firstLine(error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n').find((part) => part.trim() !== '') ?? 'it fails as it loads';
  return new Error(line.trim(), { cause: error });
}
