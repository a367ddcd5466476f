import { getKernel, type TensorInfo } from '../../../tf.js';
import type { WasmBackend } from '../heap.js';

/** Describes one call of a kernel: its input tensors by name, and the operation's attributes. */
export interface Call<Inputs extends string, Attributes> {
  readonly inputs: Readonly<Record<Inputs, TensorInfo>>;
  readonly backend: WasmBackend;
  readonly attrs: Attributes;
}

/** Is a kernel of any inputs and attributes, as TensorFlow.js registers them. */
export type Kernel = (call: Call<string, never>) => TensorInfo;

/** Calls the kernel registered under a name. Kernels must not call operations (`tf.*`): gradients would record them. */
export function callKernel(
  name: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  backend: WasmBackend,
  attrs: Readonly<Record<string, unknown>>,
): TensorInfo {
  const { kernelFunc } = getKernel(name, 'wasm');
  return (kernelFunc as unknown as (call: Call<string, unknown>) => TensorInfo)({ inputs, backend, attrs });
}

/** Returns a tensor of the same numbers with another shape. */
export function reshaped(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype };
}
