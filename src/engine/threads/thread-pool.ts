import { Worker } from 'node:worker_threads';
import { builtFile } from '../../assets.js';
import * as layout from './job-layout.js';
import { headOf, poolKernels, waitWhile, type HelperData, type PoolKernels } from './pool-kernels.js';

/** Memory in which a pool works. */
export interface PoolMemory {
  readonly memory: WebAssembly.Memory;
  /** The address of new bytes, a multiple of 64; their values are anything. */
  reserve(bytes: number): number;
}

export interface ThreadPoolOptions {
  /** A compiled kernel that exports `share` and imports `env.memory`. */
  readonly module: WebAssembly.Module;
  /** Bytes of a job, its head included. */
  readonly jobBytes: number;
  /** Bytes of memory of each thread's own. */
  readonly scratchBytes?: number;
  /** The calling thread included; one where the memory is not shared. */
  readonly threads: number;
}

/**
 * Threads that compute jobs in one memory, each job cut into tasks that threads take one after the other.
 *
 * Each task writes numbers of its own, so that results do not depend on which thread takes it nor on how many there are.
 * Helpers are started by the first job that is worth them and join in when they are ready: nobody waits for them. The
 * calling thread works too.
 */
export class ThreadPool {
  /** The address of the job: the fields behind its head are the caller's. */
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

  /** Helpers that have started by now. */
  get joined(): number {
    return Atomics.load(this.head, layout.JOB_HELPERS / 4);
  }

  private get head(): Int32Array {
    return headOf(this.memory.memory, this.job);
  }

  /** Computes the job's tasks 0 to `tasks` - 1 and returns when all are done; `parallel` where helpers pay. */
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

  /** Lets the helpers end, those too that are still starting. */
  close(): void {
    const { head } = this;
    Atomics.store(head, layout.JOB_CLOSED / 4, 1);
    Atomics.add(head, layout.JOB_SEQUENCE / 4, 2);
    Atomics.notify(head, layout.JOB_SEQUENCE / 4);
  }

  private start(): void {
    this.started = true;
    const file = builtFile('engine', 'threads', 'pool-helper.js');
    const { module, job } = this;
    for (let helper = 1; helper < this.threads; helper++) {
      const workerData: HelperData = {
        module,
        memory: this.memory.memory,
        job,
        scratch: this.memory.reserve(this.scratchBytes),
      };
      new Worker(file, { workerData, execArgv: [] }).unref();
    }
  }
}
