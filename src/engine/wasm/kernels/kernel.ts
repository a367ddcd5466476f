import { getKernel, type TensorInfo } from '../../../tf.js';
import type { WasmBackend } from '../heap.js';

/** One call of a kernel: its input tensors by name, and the operation's attributes. */
export interface Call<Inputs extends string, Attributes> {
  readonly inputs: Readonly<Record<Inputs, TensorInfo>>;
  readonly backend: WasmBackend;
  readonly attrs: Attributes;
}

/** A kernel of any inputs and attributes, as TensorFlow.js keeps them. */
export type Kernel = (call: Call<string, never>) => TensorInfo;

/** Calls the kernel that is registered under a name. Kernels must not call operations (`tf.*`), which are recorded. */
export function callKernel(
  name: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  backend: WasmBackend,
  attrs: Readonly<Record<string, unknown>>,
): TensorInfo {
  const { kernelFunc } = getKernel(name, 'wasm');
  return (kernelFunc as unknown as (call: Call<string, unknown>) => TensorInfo)({ inputs, backend, attrs });
}

/** The same numbers under another shape. */
export function reshaped(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype };
}
