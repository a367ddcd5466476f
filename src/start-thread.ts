import { basename, extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { builtFile } from './assets.js';
import { UsageError } from './errors.js';
import { fileError } from './file-errors.js';

/**
 * Starts a thread that runs a built file. It bears the file's name and does not keep the process alive.
 *
 * @param file path from `dist/`, such as `locks/heartbeat-worker.js`
 * @param data what the file receives as `workerData`
 * @param failed receives the one error of a thread that cannot start or breaks off; by default the process ends with it
 */
export function startThread(file: string, data: unknown, failed: (error: Error) => void = raise): Worker {
  const name = basename(file, extname(file));
  // Options of the main thread, such as those of a debugger or a test runner, are not for it.
  const worker = new Worker(builtFile(file), { workerData: data, name, execArgv: [] });
  let broken = false;
  const fail = (error: Error): void => {
    if (!broken) failed(threadError(name, error));
    broken = true;
  };
  worker.on('error', fail);
  worker.on('exit', (code) => {
    if (code !== 0) fail(new Error(`it ended with exit code ${code}`));
  });
  worker.unref();
  return worker;
}

function raise(error: Error): never {
  throw error;
}

function threadError(name: string, cause: Error): Error {
  const known = fileError(cause);
  if (known instanceof UsageError) return known;
  const { code = '' } = cause as NodeJS.ErrnoException;
  const message = `thread ${name} failed: ${cause.message}`;
  // Node says so where the machine has no memory or no thread left
  return code.startsWith('ERR_WORKER_')
    ? new UsageError(`${message}; end other programs, or run on a machine with more memory`, { cause })
    : new Error(message, { cause });
}
