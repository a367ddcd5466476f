import type { Recipe } from '../recipe.js';

/** Bytes of the head of a job's memory (int32); finished pictures follow it, then the raw pictures to make them of. */
export const HEAD_BYTES = 16;

/** Holds what a thread needs to start. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly recipe: Recipe;
  readonly drawsEach: number;
  /** Memory with which the threads of the process wait for each other: see `DecoderLock`. */
  readonly lock: Int32Array;
}

/** Describes a picture to make. */
export interface WorkerTask {
  /** Its row among the finished pictures. */
  readonly row: number;
  readonly file?: string;
  /** Offset of a raw picture in the job's memory, in bytes. */
  readonly at?: number;
  readonly width?: number;
  readonly height?: number;
}

/** Lists pictures to make. Every thread gets the list and takes the next picture that no thread has taken. */
export interface WorkerJob {
  readonly id: number;
  /** An int32, the next task; from `HEAD_BYTES` on the finished pictures, `[rows, size, size, 3] uint8`. */
  readonly memory: SharedArrayBuffer;
  readonly tasks: readonly WorkerTask[];
  /** `[rows, 27] float64`, or absent for evaluation. */
  readonly draws?: Float64Array;
}

/** Reports a thread's end of a job. */
export interface WorkerReport {
  readonly id: number;
  readonly bad: readonly { readonly row: number; readonly reason: string }[];
}
