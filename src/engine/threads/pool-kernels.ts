import * as layout from './job-layout.js';

/** How often a thread checks a value before it sleeps on it: waking up costs more than a short wait. */
export const SPINS = 4000;

/** Describes what a kernel must export so that a thread pool can run it. */
export interface PoolKernels {
  /** Does a thread's part of the open job: takes tasks until none is left. `scratch` is the thread's own memory. */
  share(job: number, scratch: number): void;
}

/** Holds what a helper thread starts with; addresses are bytes in the memory. */
export interface HelperData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly job: number;
  readonly scratch: number;
}

/** Instantiates the kernels of a module in a memory. */
export const poolKernels = (module: WebAssembly.Module, memory: WebAssembly.Memory): PoolKernels =>
  new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as PoolKernels;

/** Returns the head of a job as int32. The view must not be kept if the memory may grow and is not shared. */
export const headOf = (memory: WebAssembly.Memory, job: number): Int32Array =>
  new Int32Array(memory.buffer, job, layout.JOB_HEAD_BYTES / 4);

/** Waits, awake for a while and then asleep, until a field of the head no longer has the value. */
export function waitWhile(head: Int32Array, field: number, value: number): void {
  for (let spins = 0; Atomics.load(head, field / 4) === value;)
    if (++spins > SPINS) Atomics.wait(head, field / 4, value);
}
