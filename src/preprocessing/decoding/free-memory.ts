import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** Frees this thread's garbage at once: a thread that waits for work collects none, and would keep its last pictures. */
export async function freeMemory(): Promise<void> {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  await new Promise(setImmediate); // when libraries are told that their memory is free
}
