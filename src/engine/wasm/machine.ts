import { heapOf, type WasmBackend } from './heap.js';
import { ProductMachine } from './gemm/gemm.js';

const machines = new WeakMap<WasmBackend, ProductMachine>();

/** Sets the number of threads of a backend, which is 1 before. */
export function setThreads(backend: WasmBackend, threads: number): ProductMachine {
  const machine = new ProductMachine(heapOf(backend.wasm), threads);
  machines.set(backend, machine);
  return machine;
}

/** Returns what computes products in a backend's heap. */
export function machineOf(backend: WasmBackend): ProductMachine {
  return machines.get(backend) ?? setThreads(backend, 1);
}
