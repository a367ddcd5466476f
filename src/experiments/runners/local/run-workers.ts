import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { gpuNumbers, threadCount } from '../../../engine/machine.js';
import { launcher } from '../../../assets.js';

/** How many processes that died by a signal are replaced at most. */
const MOST_REPLACEMENTS = 20;

interface WorkersOptions {
  readonly processes: number;
  readonly since: number;
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * Starts several processes that do the jobs of a list. Each has its share of the cores, and a GPU of its own while
 * there are any. A process that is killed is replaced, and its job resumes from its checkpoint; all stop when this one
 * does.
 *
 * @param list file of `storeJobs`
 */
export async function runWorkers(list: string, { processes, since, signal, log }: WorkersOptions): Promise<void> {
  const gpus = gpuNumbers();
  const threads = String(Math.max(1, Math.floor(threadCount() / processes)));
  let replacements = 0;
  const startWorker = async (number: number): Promise<void> => {
    for (;;) {
      const device = gpus.length > 0 ? { CUDA_VISIBLE_DEVICES: gpus[number % gpus.length] } : {};
      const child = spawn(process.execPath, [launcher(), 'experiments', 'work', list, `--since=${since}`], {
        env: { TRIPLETLAB_THREADS: threads, ...process.env, ...device },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      const stop = (): void => void child.kill('SIGTERM');
      signal?.addEventListener('abort', stop);
      createInterface(child.stderr!).on('line', (line) => log?.(`${number + 1}: ${line}`));
      const [, killed] = (await once(child, 'close')) as [number | null, string | null];
      signal?.removeEventListener('abort', stop);
      if (killed === null || signal?.aborted || ++replacements > MOST_REPLACEMENTS) return;
      log?.(`${number + 1}: killed by ${killed}; another process takes its place`);
    }
  };
  await Promise.all(Array.from({ length: processes }, (_, number) => startWorker(number)));
}
