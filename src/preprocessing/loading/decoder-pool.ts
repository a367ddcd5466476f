import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
// The main thread must load it before any other: when the first thread that loaded it ends, it is unloaded.
import 'sharp';
import { kernelModule } from '../../assets.js';
import { startThread } from '../../start-thread.js';
import { DRAWS } from '../augmentation.js';
import { lockMemory } from '../decoding/decoder-lock.js';
import type { Recipe } from '../recipe.js';
import type { WorkerJob, WorkerReport, WorkerStart } from './messages.js';

interface Outstanding {
  /** The number of threads that have not reported yet. */
  waiting: number;
  readonly bad: WorkerReport['bad'][number][];
  readonly resolve: (bad: WorkerReport['bad']) => void;
  readonly reject: (error: Error) => void;
}

/** The decoder lock of all threads of the process, in any pool: see `WorkerStart`. */
const lock = lockMemory();

/** Makes pictures in threads, which start with the first job and keep the process alive only while there are jobs. */
export class DecoderPool {
  private workers: Worker[] = [];
  private readonly outstanding = new Map<number, Outstanding>();
  private failure: Error | undefined;
  private jobs = 0;
  private stopping = false;

  constructor(
    private readonly threads: number,
    private readonly recipe: Recipe,
  ) {}

  /** Runs a job; returns the pictures that could not be made, by row. */
  async run(job: Omit<WorkerJob, 'id'>): Promise<WorkerReport['bad']> {
    if (this.failure !== undefined) throw this.failure;
    if (this.workers.length === 0) this.start();
    const id = this.jobs++;
    const done = new Promise<WorkerReport['bad']>((resolve, reject) => {
      this.outstanding.set(id, { waiting: this.workers.length, bad: [], resolve, reject });
    });
    for (const worker of this.workers) {
      worker.ref();
      worker.postMessage({ id, ...job } satisfies WorkerJob);
    }
    return done;
  }

  private start(): void {
    const data: WorkerStart = { module: kernelModule('pictures'), recipe: this.recipe, drawsEach: DRAWS, lock };
    this.workers = Array.from({ length: this.threads }, () => {
      const worker = startThread('preprocessing/loading/picture-worker.js', data, (error) => {
        this.fail(error);
      });
      worker.on('message', (report: WorkerReport) => {
        this.take(report);
      });
      worker.on('exit', () => {
        this.workers = this.workers.filter((other) => other !== worker);
      });
      return worker;
    });
  }

  private take({ id, bad }: WorkerReport): void {
    const job = this.outstanding.get(id);
    if (job === undefined) return;
    job.bad.push(...bad);
    if (--job.waiting > 0) return;
    this.outstanding.delete(id);
    if (this.outstanding.size === 0 && !this.stopping) for (const worker of this.workers) worker.unref();
    job.resolve(job.bad);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.outstanding.values()) reject(this.failure);
    this.outstanding.clear();
  }

  /** Lets the threads end after their current pictures. */
  async stop(): Promise<void> {
    this.stopping = true; // the process lives until they have ended
    const ends = this.workers.map(async (worker) => {
      worker.ref();
      worker.postMessage('stop');
      await once(worker, 'exit');
    });
    await Promise.all(ends);
    this.fail(new Error('the threads that read pictures have been stopped'));
  }
}
