import { UsageError } from '../errors.js';

/** Thrown where an engine has no memory left for a tensor; what was there before is untouched. */
export class OutOfMemory extends UsageError {
  /**
   * @param place what has no memory left: `cuda:0`
   * @param reason how much was wanted and is there, as the engine puts it
   */
  constructor(
    readonly place: string,
    readonly reason: string,
  ) {
    super(`out of memory on ${place}: ${reason}; lower dataset.batch_size or optimization.micro_batch_size`);
  }
}

/** How libtorch, TensorFlow, Dawn and the system put it. */
const WORDS = /out of memory|can't allocate memory|bad_alloc|OOM when allocating|resource ?exhausted/i;

/** The error as an `OutOfMemory`, or undefined where it is about something else. */
export function asOutOfMemory(error: unknown, place: string): OutOfMemory | undefined {
  if (error instanceof OutOfMemory) return error;
  if (!(error instanceof Error) || !WORDS.test(error.message)) return undefined;
  return new OutOfMemory(place, error.message.split('\n')[0]);
}
