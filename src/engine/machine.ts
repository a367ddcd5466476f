import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { UsageError } from '../errors.js';

/** Returns the processor's name. */
export function processorName(): string {
  return cpus().at(0)?.model.trim() ?? process.arch;
}

/**
 * Returns the GPUs that this process may use, as CUDA numbers or names them: those of `CUDA_VISIBLE_DEVICES`, else all
 * that the driver knows.
 */
export function gpuNumbers(): string[] {
  const told = process.env['CUDA_VISIBLE_DEVICES'];
  if (told !== undefined) return told.split(',').filter((name) => name !== '' && name !== '-1');
  return gpuProperties('index');
}

/**
 * Returns a property, such as `name`, of every GPU that NVIDIA's driver knows; nothing without the driver, or where it
 * does not answer.
 *
 * @param seconds how long it may take
 */
export function gpuProperties(property: string, seconds = 60): string[] {
  const limits = { timeout: 1000 * seconds, killSignal: 'SIGKILL' } as const;
  try {
    const query = [`--query-gpu=${property}`, '--format=csv,noheader'];
    const text = execFileSync('nvidia-smi', query, { encoding: 'utf8', stdio: 'pipe', ...limits });
    return text.trim().split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/** Returns the bytes of memory that this process may use: those of the machine, or of its control group. */
export function availableMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}

/**
 * Returns the number of threads that an engine may use: `TRIPLETLAB_THREADS`, else this process's number of cores.
 *
 * @throws UsageError where the variable is not a positive integer
 */
export function threadCount(): number {
  const told = process.env['TRIPLETLAB_THREADS'];
  if (told === undefined || told === '') return isMainThread ? availableParallelism() : 1;
  const threads = Number(told);
  if (!Number.isInteger(threads) || threads < 1)
    throw new UsageError(`invalid TRIPLETLAB_THREADS: ${told}; a number of threads from 1 on`);
  return threads;
}
