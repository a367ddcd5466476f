import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted } from '../../errors.js';
import { RunLockedError } from '../../training/index.js';

/** How long to wait before looking again whether another process has finished. */
const LOOK_AGAIN = 5000; // ms

interface Options {
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * Does all work in order; what another process is at comes last, when that process is through with it or gone.
 *
 * @throws Interrupted where the signal ends the waiting, and whatever the work throws
 */
export async function runUnlocked<Work>(
  all: readonly Work[],
  work: (one: Work) => Promise<void>,
  options: Options,
): Promise<void> {
  const waiting = [...all];
  const said = new Set<string>();
  let refused = 0; // one after another
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    try {
      await work(one);
      refused = 0;
    } catch (error) {
      if (!(error instanceof RunLockedError)) throw error;
      const why = `${error.message.replace(/;.*/s, '')}: left for later`;
      if (!said.has(why)) options.log?.(why);
      said.add(why);
      waiting.push(one);
      if (++refused < waiting.length) continue;
      await pause(options);
      refused = 0;
    }
  }
}

/** Does work that another process may be at; then it is done anew, to find what that process has left. */
export async function waitForLock<Result>(work: () => Promise<Result>, options: Options): Promise<Result> {
  let result: Result | undefined;
  await runUnlocked(
    [work],
    async () => {
      result = await work();
    },
    options,
  );
  return result!;
}

async function pause({ signal }: Options): Promise<void> {
  try {
    await sleep(LOOK_AGAIN, undefined, { signal });
  } catch {
    throw new Interrupted('interrupted while other processes train; run the same command again');
  }
}
