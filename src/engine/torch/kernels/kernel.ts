import type { DataType, TensorInfo } from '../../../tf.js';
import type { Handle } from '../addon.js';
import type { TorchBackend } from '../backend.js';

/** Inputs by TensorFlow.js's names; those of lists by `0`, `1`, ... */
export type Inputs = Readonly<Record<string, TensorInfo>>;

/** Attributes by TensorFlow.js's names: which there are depends on the kernel. */
export interface Attributes {
  readonly [name: string]: unknown;
  readonly axis?: number | readonly number[] | null;
  readonly dtype?: DataType;
  readonly shape?: readonly number[];
}

/** One call of a kernel. */
export interface Call {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: TorchBackend;
  /** An input's tensor; undefined where there is none of this name. */
  at(name: string): Handle;
}

export type Kernel = (call: Call) => TensorInfo | TensorInfo[];
export type Kernels = Readonly<Record<string, Kernel>>;

/** Inputs of a list, in their order. */
export const listed = ({ inputs, backend }: Call): Handle[] =>
  Object.values(inputs).map((tensor) => backend.handle(tensor));

/** An axis from 0 on. */
export const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
