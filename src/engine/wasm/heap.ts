import type { DataType, KernelBackend, TensorInfo } from '../../tf.js';
import { OutOfMemory } from '../out-of-memory.js';
import type { Heap } from './gemm/workspace.js';

/** Declares what is used here of the Emscripten module of TensorFlow.js's WASM backend. */
export interface WasmModule {
  HEAPU8: Uint8Array;
  asm: { memory: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(address: number): void;
  cwrap(name: string, result: 'number' | null, parameters: ('number' | 'array')[]): (...values: unknown[]) => number;
}

/** Declares TensorFlow.js's WASM backend; its tensors are blocks of its module's heap. */
export interface WasmBackend extends KernelBackend {
  readonly wasm: WasmModule;
  readonly dataIdMap: { get(dataId: object): { id: number; memoryOffset: number; shape: number[]; dtype: DataType } };
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array;
}

/** Returns the address of a tensor's first number. */
export function addressOf(backend: WasmBackend, tensor: TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** Returns a view of a tensor's numbers; it must not be kept while other tensors are made. */
export function floatsOf(backend: WasmBackend, tensor: TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(tensor) as Float32Array;
}

/** Returns the module's heap as the matrix products use it. */
export function heapOf(module: WasmModule): Heap {
  return {
    memory: module.asm.memory,
    allocate: (bytes) => module._malloc(bytes) >>> 0,
    free: (address) => {
      module._free(address);
    },
  };
}

/** Makes the module's allocator throw. By itself it returns 0, and tensors overwrite each other. */
export function guardAllocator(module: WasmModule): void {
  const allocate = module._malloc.bind(module);
  module._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address === 0 && bytes > 0)
      throw new OutOfMemory(
        'wasm',
        `${(bytes / 2 ** 20).toFixed(0)} MiB more than the 4 GiB that WebAssembly can address`,
      );
    return address;
  };
}
