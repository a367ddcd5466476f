import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DataType } from '../../tf.js';
import type { Precision } from '../../catalogue/engines.js';
import { installedPackages, type Packages } from '../packages.js';

/** The number of a tensor of libtorch. */
export type Handle = number & { readonly __handle: never };

/** What kernels take besides tensors. */
export type Argument = Handle | readonly Handle[] | readonly number[] | number | string | boolean | undefined;

/** A result: its handle, shape and type. */
export type Described = [handle: Handle, shape: number[], dtype: DataType];

export type Values = Float32Array | Int32Array | Uint8Array;

/** What src/engine/torch/native exports. */
export interface Addon {
  readonly kernels: Readonly<Record<string, (...given: Argument[]) => Described[]>>;
  tensor(values: Values, shape: readonly number[], dtype: DataType, device: string): Described;
  values(handle: Handle): Values;
  release(handle: Handle): void;
  /** Bytes of large tensors on the processor: in use, and kept for later ones. */
  memory(): [live: number, kept: number];
  /** What large tensors on the processor may take together, in bytes. */
  limitMemory(bytes: number): void;
  /** Of the factors of products and convolutions, in the whole process. */
  setPrecision(precision: Precision): void;
  setThreads(threads: number): void;
  /** Of libtorch. */
  readonly version: string;
  /** GPUs that CUDA offers. */
  readonly cuda: number;
}

const FILE = join('build', 'torch', 'torch.node');

let loaded: { file: string; addon: Addon } | undefined;

/**
 * Loads the addon, once in a process.
 *
 * @throws Error where it is not built, or its libraries are gone
 */
export function loadAddon(packages: Packages = installedPackages()): Addon {
  const file = packages.built(FILE);
  if (file === undefined) throw new Error('its addon is not built; npm run build:torch');
  if (loaded?.file === file) return loaded.addon;
  // threads of libtorch that wait for more work would keep those of its BLAS from theirs
  process.env['OMP_WAIT_POLICY'] ??= 'PASSIVE';
  try {
    loaded = { file, addon: createRequire(file)(file) as Addon };
    return loaded.addon;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new Error(`${reason}; npm run build:torch builds anew`, { cause: error });
  }
}
