import { heapOf, type WasmBackend } from './heap.js';
import { ProductMachine } from './gemm/gemm.js';

const machines = new WeakMap<WasmBackend, ProductMachine>();

/** Gives a backend its threads; before that it has one. */
export function setThreads(backend: WasmBackend, threads: number): ProductMachine {
  const machine = new ProductMachine(heapOf(backend.wasm), threads);
  machines.set(backend, machine);
  return machine;
}

/** What computes products in a backend's heap. */
export function machineOf(backend: WasmBackend): ProductMachine {
  return machines.get(backend) ?? setThreads(backend, 1);
}
