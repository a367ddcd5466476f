import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DataType } from '@tensorflow/tfjs';
import { packageRoot } from '../../paths.js';

/** A tensor of libtorch, opaque here. */
export type Handle = object & { readonly __handle: never };

/** What kernels take besides tensors. */
export type Argument =
  | Handle
  | readonly Handle[]
  | readonly number[]
  | number
  | string
  | boolean
  | undefined;

/** A result: its handle, shape and type. */
export type Described = [handle: Handle, shape: number[], dtype: DataType];

export type Values = Float32Array | Int32Array | Uint8Array;

/** What src/engine/torch/native exports. */
export interface Addon {
  readonly kernels: Readonly<Record<string, (...given: Argument[]) => Described[]>>;
  tensor(values: Values, shape: readonly number[], dtype: DataType, device: string): Described;
  values(handle: Handle): Values;
  release(handle: Handle): void;
  setThreads(threads: number): void;
  /** Products on CUDA may round their factors to TF32; off at first. */
  setTf32(allowed: boolean): void;
  /** Of libtorch. */
  readonly version: string;
  /** GPUs that CUDA offers. */
  readonly cuda: number;
}

let loaded: Addon | Error | undefined;

/**
 * Loads the addon, once in a process.
 *
 * @throws Error where it is not built, or its libraries are gone
 */
export function loadAddon(): Addon {
  loaded ??= load();
  if (loaded instanceof Error) throw loaded;
  return loaded;
}

function load(): Addon | Error {
  const file = join(packageRoot(), 'build', 'torch', 'torch.node');
  if (!existsSync(file)) return new Error('the addon is not built; npm run build:torch');
  // threads of libtorch that wait for more work would keep those of its BLAS from theirs
  process.env['OMP_WAIT_POLICY'] ??= 'PASSIVE';
  try {
    return createRequire(file)(file) as Addon;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    return new Error(`${reason}; npm run build:torch builds anew`);
  }
}
