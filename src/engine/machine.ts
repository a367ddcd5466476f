import { availableParallelism, cpus } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { UsageError } from '../errors.js';

/** The processor's name. */
export function processorName(): string {
  return cpus().at(0)?.model.trim() ?? process.arch;
}

/**
 * The number of threads that an engine may use: `TRIPLETLAB_THREADS`, else as many as there are cores for this process.
 *
 * @throws UsageError where the variable is no positive integer
 */
export function threadCount(): number {
  const told = process.env['TRIPLETLAB_THREADS'];
  if (told === undefined || told === '') return isMainThread ? availableParallelism() : 1;
  const threads = Number(told);
  if (!Number.isInteger(threads) || threads < 1)
    throw new UsageError(`invalid TRIPLETLAB_THREADS: ${told}; a number of threads from 1 on`);
  return threads;
}
