import { Worker } from 'node:worker_threads';
import { UsageError } from '../errors.js';
import { builtFile } from '../assets.js';
import { kernelModule } from '../assets.js';
import * as layout from './memory-layout.js';

const PAGE = 65536;
const ALIGNMENT = 64;

/** Threads that search for neighbours in one memory; the calling one works too and waits for no other to start. */
export class NeighborTeam {
  readonly memory: WebAssembly.Memory;
  private readonly share: (job: number, scratch: number) => void;
  private readonly job: number;
  private readonly scratch: number;
  private end = PAGE;

  /** @throws UsageError where the kernel has not been built */
  constructor(private readonly threads: number) {
    this.memory = new WebAssembly.Memory({ initial: 2, maximum: PAGE, shared: true });
    const instance = new WebAssembly.Instance(kernelModule('neighbors'), { env: { memory: this.memory } });
    this.share = instance.exports['share'] as typeof this.share;
    this.job = this.reserve(layout.JOB_BYTES);
    const scratch = Array.from({ length: threads }, () => this.reserve(layout.SCRATCH_BYTES));
    this.scratch = scratch[0];
    const workerData = { module: kernelModule('neighbors'), memory: this.memory, job: this.job };
    const file = builtFile('neighbors', 'worker.js');
    for (const of of scratch.slice(1))
      new Worker(file, { workerData: { ...workerData, scratch: of }, execArgv: [] }).unref();
  }

  /**
   * A new block of memory, zero.
   *
   * @throws UsageError where more than the 4 GiB that WebAssembly can address would be needed
   */
  reserve(bytes: number): number {
    const at = this.end;
    this.end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const pages = Math.ceil(this.end / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (this.end > PAGE * PAGE)
      throw new UsageError(
        `too much to search at once: ${(this.end / 2 ** 30).toFixed(1)} GiB, WebAssembly has 4; give fewer queries or items`,
      );
    if (pages > 0) this.memory.grow(pages);
    return at;
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

  shorts(at: number, length: number): Int16Array {
    return new Int16Array(this.memory.buffer, at, length);
  }

  /** Sets a field of the job. */
  set(field: number, value: number): void {
    this.ints(this.job + field, 1)[0] = value;
  }

  /** Carries out tasks 0 to count - 1 of a kind with all threads that have started by now. */
  run(kind: number, count: number): void {
    const record = this.ints(this.job, layout.JOB_BYTES / 4);
    this.open(record, kind, count);
    this.share(this.job, this.scratch);
    Atomics.store(record, layout.JOB_OPEN / 4, 0);
    const active = layout.JOB_ACTIVE / 4;
    for (let inside; (inside = Atomics.load(record, active)) > 0;) Atomics.wait(record, active, inside);
  }

  /** Lets the helpers go, those too that are still starting. */
  stop(): void {
    this.open(this.ints(this.job, layout.JOB_BYTES / 4), layout.KIND_STOP, 0);
  }

  private open(record: Int32Array, kind: number, count: number): void {
    record[layout.JOB_KIND / 4] = kind;
    record[layout.JOB_TASKS / 4] = count;
    Atomics.store(record, layout.JOB_NEXT / 4, 0);
    Atomics.store(record, layout.JOB_OPEN / 4, 1);
    if (this.threads > 1) Atomics.notify(record, layout.JOB_OPEN / 4);
  }
}
