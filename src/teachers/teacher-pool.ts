import { kernelModule } from '../assets.js';
import { SharedArena } from '../engine/threads/shared-arena.js';
import { ThreadPool } from '../engine/threads/thread-pool.js';
import * as layout from './memory-layout.js';

/**
 * Trains several teachers with threads in one memory.
 *
 * Each task of a job (a training step, a validation batch) is a whole teacher, so that the numbers do not depend on the
 * number of threads.
 */
export class TeacherPool extends SharedArena {
  /** The address of the job, which holds what all teachers share. */
  readonly job: number;
  private readonly pool: ThreadPool;

  constructor(
    private readonly teachers: number,
    threads: number,
  ) {
    super('train', 'lower num_repetitions');
    this.pool = new ThreadPool(this, {
      module: kernelModule('teachers'),
      jobBytes: layout.JOB_BYTES,
      threads: Math.min(teachers, threads),
    });
    this.job = this.pool.job;
  }

  setInt(field: number, value: number): void {
    this.ints(this.job + field, 1)[0] = value;
  }

  setFloat(field: number, value: number): void {
    this.floats(this.job + field, 1)[0] = value;
  }

  /** Runs a job of the given kind on all teachers. */
  run(kind: number): void {
    this.setInt(layout.JOB_KIND, kind);
    this.pool.run(this.teachers);
  }

  /** Lets the threads end. */
  close(): void {
    this.pool.close();
  }
}
