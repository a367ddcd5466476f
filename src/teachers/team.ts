import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { UsageError } from '../errors.js';
import * as layout from './memory-layout.js';
import { builtFile } from '../assets.js';
import { kernelModule } from '../assets.js';
import { SPINS, type TeamWorkerData } from './team-data.js';

const PAGE = 65536; // bytes; the first page holds the kernels' own tables
const ALIGNMENT = 64;

interface Kernels {
  /** The calling thread's part of a job. */
  share(team: number, kind: number): void;
}

/** Lays out named blocks one behind the other, each on a cache line of its own. */
export class Arena {
  bytes = PAGE;

  reserve(size: number): number {
    const at = this.bytes;
    this.bytes += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    return at;
  }
}

/**
 * Threads that train teachers together in one shared memory.
 *
 * Each job (a training step, a validation batch) is cut into teachers, and each thread takes whole teachers, so the
 * numbers do not depend on the number of threads. The calling thread works too.
 */
export class Team {
  readonly memory: WebAssembly.Memory;
  readonly base: number;
  private readonly kernels: Kernels;
  private helpers: Worker[] = [];

  /** @throws UsageError where more than the 4 GiB that WebAssembly can address are needed */
  constructor(arena: Arena, base: number) {
    const pages = Math.ceil(arena.bytes / PAGE);
    if (pages > 65536)
      throw new UsageError(
        `too much to train at once: ${(arena.bytes / 2 ** 30).toFixed(1)} GiB, WebAssembly has 4; lower num_repetitions`,
      );
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.base = base;
    this.kernels = new WebAssembly.Instance(kernelModule('teachers'), { env: { memory: this.memory } })
      .exports as unknown as Kernels;
  }

  /** Starts threads beside the calling one and waits until they are ready. */
  async start(threads: number): Promise<void> {
    const workerData: TeamWorkerData = { module: kernelModule('teachers'), memory: this.memory, team: this.base };
    const file = builtFile('teachers', 'team-worker.js');
    this.helpers = Array.from({ length: threads }, () => new Worker(file, { workerData, execArgv: [] }));
    await Promise.all(this.helpers.map((helper) => once(helper, 'message')));
    for (const helper of this.helpers) helper.unref();
  }

  setInt(field: number, value: number): void {
    new Int32Array(this.memory.buffer, this.base + field, 1)[0] = value;
  }

  setFloat(field: number, value: number): void {
    new Float32Array(this.memory.buffer, this.base + field, 1)[0] = value;
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length);
  }

  ints(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }

  /** Does a job with all threads. */
  run(kind: number): void {
    const job = this.ints(this.base, 4);
    const [sequence, finished] = [layout.JOB_SEQUENCE / 4, layout.JOB_FINISHED / 4];
    job[layout.JOB_KIND / 4] = kind;
    Atomics.store(job, finished, 0);
    Atomics.store(job, layout.JOB_NEXT / 4, 0);
    if (this.helpers.length > 0) {
      Atomics.add(job, sequence, 1);
      Atomics.notify(job, sequence);
    }
    if (kind === layout.KIND_STOP) return;
    this.kernels.share(this.base, kind);
    let spins = 0;
    for (let done = 0; done < this.helpers.length; done = Atomics.load(job, finished))
      if (++spins > SPINS) Atomics.wait(job, finished, done);
  }

  async stop(): Promise<void> {
    this.run(layout.KIND_STOP);
    await Promise.all(this.helpers.map((helper) => helper.terminate()));
    this.helpers = [];
  }
}
