import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DataType } from '../../tf.js';
import type { Precision } from '../../catalogue/engines.js';
import { installedPackages, type Packages } from '../packages.js';

/** Stands for a tensor of libtorch, as a number. */
export type Handle = number & { readonly __handle: never };

/** Is anything that a kernel of the addon takes as an argument. */
export type Argument = Handle | readonly Handle[] | readonly number[] | number | string | boolean | undefined;

/** Describes a result: its handle, shape and type. */
export type Described = [handle: Handle, shape: number[], dtype: DataType];

export type Values = Float32Array | Int32Array | Uint8Array;

/** Declares what src/engine/torch/native exports. */
export interface Addon {
  readonly kernels: Readonly<Record<string, (...given: Argument[]) => Described[]>>;
  tensor(values: Values, shape: readonly number[], dtype: DataType, device: string): Described;
  values(handle: Handle): Values;
  release(handle: Handle): void;
  /** Returns the bytes of large tensors on the processor: those in use, and those kept for later tensors. */
  memory(): [live: number, kept: number];
  /** Limits the bytes that large tensors on the processor may take together. */
  limitMemory(bytes: number): void;
  /** Gives the memory that is kept for later tensors back to the system, or to the GPU's driver. */
  releaseCached(device: string): void;
  /** Sets the precision of the factors of products and convolutions, for the whole process. */
  setPrecision(precision: Precision): void;
  /** Makes computations on CUDA repeat bit by bit. */
  repeatOnCuda(): void;
  setThreads(threads: number): void;
  /** The version of libtorch. */
  readonly version: string;
  /** The libraries that compute products on the processor, such as `oneDNN and OpenBLAS`. */
  readonly products: string;
  /** Whether this libtorch was built for CUDA, be there a GPU or not. */
  readonly hasCuda: boolean;
  /** The number of GPUs that CUDA offers. */
  readonly gpus: number;
}

const FILE = join('build', 'torch', 'torch.node');

let loaded: { file: string; addon: Addon } | undefined;

/**
 * Loads the addon, once in a process.
 *
 * @throws Error where it is not built, or its libraries are missing
 */
export function loadAddon(packages: Packages = installedPackages()): Addon {
  const file = packages.built(FILE);
  if (file === undefined) throw new Error('its addon is not built; npm run build:torch');
  if (loaded?.file === file) return loaded.addon;
  // waiting threads of libtorch would otherwise keep the cores busy that its BLAS needs
  process.env['OMP_WAIT_POLICY'] ??= 'PASSIVE';
  // cuBLAS repeats its sums only with a workspace of its own
  process.env['CUBLAS_WORKSPACE_CONFIG'] ??= ':4096:8';
  try {
    loaded = { file, addon: createRequire(file)(file) as Addon };
    return loaded.addon;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    const remedy = /^\S+: cannot open shared object file/.test(reason)
      ? 'install that library, or npm run build:torch with another libtorch'
      : 'npm run build:torch builds anew';
    throw new Error(`${reason}; ${remedy}`, { cause: error });
  }
}
