import type { Recipe } from '../recipe.js';

/** Int32 at the head of a job's memory; then the pictures made, then raw pictures to make them of. */
export const HEAD_BYTES = 16;

/** What a thread needs to start. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly recipe: Recipe;
  readonly drawsEach: number;
  /** What the threads of the process wait for each other by: see `DecoderGate`. */
  readonly lock: Int32Array;
}

/** A picture to make. */
export interface WorkerTask {
  /** Its row among the pictures made. */
  readonly row: number;
  readonly file?: string;
  /** Offset of a raw picture in the job's memory, bytes. */
  readonly at?: number;
  readonly width?: number;
  readonly height?: number;
}

/** Pictures to make, sent to every thread; each takes the next that none has taken. */
export interface WorkerJob {
  readonly id: number;
  /** Int32: the next task; from `HEAD_BYTES` on the pictures made, `[rows, size, size, 3] uint8`. */
  readonly memory: SharedArrayBuffer;
  readonly tasks: readonly WorkerTask[];
  /** `[rows, 27] float64`, or absent for evaluation. */
  readonly draws?: Float64Array;
}

/** A thread's last word on a job. */
export interface WorkerReport {
  readonly id: number;
  readonly bad: readonly { readonly row: number; readonly reason: string }[];
}
