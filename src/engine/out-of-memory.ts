import { UsageError } from '../errors.js';

/** Is thrown where an engine has no memory left for a new tensor; existing tensors are untouched. */
export class OutOfMemory extends UsageError {
  /**
   * @param place the device that has no memory left: `cuda:0`
   * @param reason the engine's own message: how much was wanted, and how much is free
   */
  constructor(
    readonly place: string,
    readonly reason: string,
  ) {
    super(`out of memory on ${place}: ${reason}; lower dataset.batch_size or optimization.micro_batch_size`);
  }
}

/**
 * How libtorch, TensorFlow, Dawn, NVIDIA's libraries and the system say that memory has run out. Without memory, cuBLAS
 * does not start (not initialized), and cuDNN finds no way to compute a convolution (no engine).
 */
const WORDS =
  /out of memory|can't allocate memory|bad_alloc|OOM when allocating|resource ?exhausted|_STATUS_ALLOC_FAILED|CUBLAS_STATUS_NOT_INITIALIZED|unable to find an engine to execute/i;

/** Returns the error as an `OutOfMemory`, or undefined where it is about something else. */
export function asOutOfMemory(error: unknown, place: string): OutOfMemory | undefined {
  if (error instanceof OutOfMemory) return error;
  if (!(error instanceof Error) || !WORDS.test(error.message)) return undefined;
  return new OutOfMemory(place, error.message.split('\n')[0]);
}
