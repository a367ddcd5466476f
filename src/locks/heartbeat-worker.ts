// Touches the locks of its process from a thread, also while the process's main thread computes without a pause.
import { utimesSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const locks = new Map<string, number>();

parentPort!.on('message', ({ file, clock }: { file: string; clock: number | null }) => {
  if (clock === null) locks.delete(file);
  else locks.set(file, clock);
});

setInterval(() => {
  for (const [file, clock] of locks)
    try {
      const now = (Date.now() + clock) / 1000;
      utimesSync(file, now, now);
    } catch {
      // the lock is gone, or the file system does not answer: the owner will find out when it writes
    }
}, workerData as number);
