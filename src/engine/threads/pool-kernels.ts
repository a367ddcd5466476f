import * as layout from './job-layout.js';

/** Looks at a value before going to sleep on it: waking up costs more than a short wait. */
export const SPINS = 4000;

/** What a kernel must export to be computed by a thread pool. */
export interface PoolKernels {
  /** A thread's part of the open job: takes tasks until none is left. `scratch` is memory of the thread's own. */
  share(job: number, scratch: number): void;
}

/** What a helper thread starts with; addresses are bytes in the memory. */
export interface HelperData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly job: number;
  readonly scratch: number;
}

/** The kernels of a module in a memory. */
export const poolKernels = (module: WebAssembly.Module, memory: WebAssembly.Memory): PoolKernels =>
  new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as PoolKernels;

/** The head of a job as int32; a view must not be kept where the memory grows and is not shared. */
export const headOf = (memory: WebAssembly.Memory, job: number): Int32Array =>
  new Int32Array(memory.buffer, job, layout.JOB_HEAD_BYTES / 4);

/** Waits, awake for a while and then asleep, until the field of a head no longer has the value. */
export function waitWhile(head: Int32Array, field: number, value: number): void {
  for (let spins = 0; Atomics.load(head, field / 4) === value;)
    if (++spins > SPINS) Atomics.wait(head, field / 4, value);
}
