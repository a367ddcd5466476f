import { startThread } from '../../start-thread.js';
import * as layout from './job-layout.js';
import { headOf, poolKernels, waitWhile, type HelperData, type PoolKernels } from './pool-kernels.js';

/** Gives a pool the memory that it works in. */
export interface PoolMemory {
  readonly memory: WebAssembly.Memory;
  /** Returns the address of new bytes, a multiple of 64; their values are undefined. */
  reserve(bytes: number): number;
}

export interface ThreadPoolOptions {
  /** A compiled kernel that exports `share` and imports `env.memory`. */
  readonly module: WebAssembly.Module;
  /** Bytes of a job, its head included. */
  readonly jobBytes: number;
  /** Bytes of each thread's own memory. */
  readonly scratchBytes?: number;
  /** Number of threads, the calling one included; 1 if the memory is not shared. */
  readonly threads: number;
}

/**
 * Computes jobs with several threads in one memory. Each job is cut into tasks, and threads take one task after the
 * other.
 *
 * No two tasks write the same numbers, so that results depend neither on which thread takes a task nor on the number of
 * threads. The calling thread works too. The first job that is large enough starts the helpers; they join in when they
 * are ready, and no thread waits for them.
 */
export class ThreadPool {
  /** The address of the job; the caller owns the fields behind its head. */
  readonly job: number;
  readonly threads: number;
  private readonly memory: PoolMemory;
  private readonly module: WebAssembly.Module;
  private readonly kernels: PoolKernels;
  private readonly scratchBytes: number;
  private readonly scratch: number;
  private started = false;

  constructor(memory: PoolMemory, { module, jobBytes, scratchBytes = 0, threads }: ThreadPoolOptions) {
    this.memory = memory;
    this.module = module;
    this.scratchBytes = scratchBytes;
    this.threads = memory.memory.buffer instanceof SharedArrayBuffer ? threads : 1;
    this.kernels = poolKernels(module, memory.memory);
    this.job = memory.reserve(jobBytes);
    new Uint8Array(memory.memory.buffer, this.job, jobBytes).fill(0);
    this.scratch = memory.reserve(scratchBytes);
  }

  /** Returns the number of helpers that have started. */
  get joined(): number {
    return Atomics.load(this.head, layout.JOB_HELPERS / 4);
  }

  private get head(): Int32Array {
    return headOf(this.memory.memory, this.job);
  }

  /** Computes the job's tasks 0 to `tasks` - 1 and returns when all are done; with helpers if `parallel`. */
  run(tasks: number, parallel = true): void {
    const { kernels, job, scratch } = this;
    const shared = parallel && this.threads > 1;
    if (shared && !this.started) this.start(); // which may let the memory grow
    const head = this.head;
    head[layout.JOB_TASKS / 4] = tasks;
    Atomics.store(head, layout.JOB_NEXT / 4, 0);
    if (!shared) {
      kernels.share(job, scratch);
      return;
    }
    Atomics.add(head, layout.JOB_SEQUENCE / 4, 1);
    Atomics.notify(head, layout.JOB_SEQUENCE / 4);
    kernels.share(job, scratch);
    Atomics.add(head, layout.JOB_SEQUENCE / 4, 1);
    for (let inside; (inside = Atomics.load(head, layout.JOB_ACTIVE / 4)) > 0;)
      waitWhile(head, layout.JOB_ACTIVE, inside);
  }

  /** Lets the helpers end, also those that are still starting. */
  close(): void {
    const { head } = this;
    Atomics.store(head, layout.JOB_CLOSED / 4, 1);
    Atomics.add(head, layout.JOB_SEQUENCE / 4, 2);
    Atomics.notify(head, layout.JOB_SEQUENCE / 4);
  }

  private start(): void {
    this.started = true;
    const { module, job } = this;
    for (let helper = 1; helper < this.threads; helper++) {
      const scratch = this.memory.reserve(this.scratchBytes);
      const data: HelperData = { module, memory: this.memory.memory, job, scratch };
      startThread('engine/threads/pool-helper.js', data);
    }
  }
}
