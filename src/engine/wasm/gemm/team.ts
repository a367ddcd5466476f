import { Worker } from 'node:worker_threads';
import { builtFile } from '../../../assets.js';
import { productModule, type ProductKernels } from './gemm-tasks.js';
import { SCRATCH, TEAM } from './layout.js';

/** The most numbers that a task may pack of A at once: 128 KiB, half of a small second-level cache. */
export const PACKED_NUMBERS = 32768;

/** Memory that threads can share, and the allocator that owns it. */
export interface SharedHeap {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
}

/**
 * Threads that carry out commands of products in one memory.
 *
 * Each task writes numbers of its own, so that results do not depend on which thread takes it nor on how many there are.
 * The helpers are started by the first job that is worth them, and join in when they are ready: nobody waits for them.
 */
export class Team {
  private readonly kernels: ProductKernels;
  private readonly module: WebAssembly.Module;
  private readonly team: number;
  private readonly scratch: number;
  private started = false;
  private readonly heap: SharedHeap;
  readonly threads: number;

  constructor(heap: SharedHeap, threads: number) {
    const shared = heap.memory.buffer instanceof SharedArrayBuffer;
    this.heap = heap;
    this.threads = shared ? threads : 1;
    this.module = productModule(shared);
    this.kernels = new WebAssembly.Instance(this.module, { env: { memory: heap.memory } })
      .exports as unknown as ProductKernels;
    this.team = this.aligned(TEAM.bytes);
    new Uint8Array(heap.memory.buffer, this.team, TEAM.bytes).fill(0);
    this.scratch = this.aligned(SCRATCH.packed + 4 * PACKED_NUMBERS);
  }

  /** Helpers that carry out tasks by now. */
  get joined(): number {
    return new Int32Array(this.heap.memory.buffer, this.team + TEAM.helpers, 1)[0];
  }

  /** Runs tasks, [first command, behind the last] each; `parallel` where helpers pay. */
  run(tasks: number, count: number, parallel: boolean): void {
    const record = new Int32Array(this.heap.memory.buffer, this.team, TEAM.bytes / 4);
    record[TEAM.tasks / 4] = tasks;
    record[TEAM.count / 4] = count;
    this.kernels.run(this.team, this.scratch, parallel && this.threads > 1 ? this.helpers(record) : 0);
  }

  /** The number of helpers, after letting in those that have arrived. */
  private helpers(record: Int32Array): number {
    if (!this.started) this.start();
    const arrived = Atomics.load(record, TEAM.arrived / 4);
    if (arrived > record[TEAM.helpers / 4]) {
      record[TEAM.admission / 4] = Atomics.load(record, TEAM.sequence / 4);
      Atomics.store(record, TEAM.helpers / 4, arrived);
      Atomics.notify(record, TEAM.helpers / 4);
    }
    return arrived;
  }

  private start(): void {
    this.started = true;
    for (let helper = 1; helper < this.threads; helper++) {
      const scratch = this.aligned(SCRATCH.packed + 4 * PACKED_NUMBERS);
      const workerData = { module: this.module, memory: this.heap.memory, team: this.team, scratch };
      new Worker(builtFile('engine', 'wasm', 'gemm', 'gemm-worker.js'), { workerData, execArgv: [] }).unref();
    }
  }

  private aligned(bytes: number): number {
    return Math.ceil(this.heap.allocate(bytes + 63) / 64) * 64;
  }
}
