import type { DataType, TensorInfo } from '../../../tf.js';
import type { Handle } from '../addon.js';
import type { TorchBackend } from '../backend.js';

/** Holds inputs by TensorFlow.js's names; those of a list are named `0`, `1`, ... */
export type Inputs = Readonly<Record<string, TensorInfo>>;

/** Holds attributes by TensorFlow.js's names; which there are depends on the kernel. */
export interface Attributes {
  readonly [name: string]: unknown;
  readonly axis?: number | readonly number[] | null;
  readonly dtype?: DataType;
  readonly shape?: readonly number[];
}

/** Describes one call of a kernel. */
export interface Call {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: TorchBackend;
  /** Returns an input's tensor; undefined where there is none of this name. */
  at(name: string): Handle;
}

export type Kernel = (call: Call) => TensorInfo | TensorInfo[];
export type Kernels = Readonly<Record<string, Kernel>>;

/** Returns the inputs of a list, in their order. */
export const listed = ({ inputs, backend }: Call): Handle[] =>
  Object.values(inputs).map((tensor) => backend.handle(tensor));

/** Returns an axis counted from 0; a negative one counts from the end. */
export const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
