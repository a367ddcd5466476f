import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Returns the folder of a user's cache, `~/.cache/tripletlab/KIND`, whether it exists or not; null without a home. */
export function cacheFolder(kind: string): string | null {
  try {
    const home = homedir();
    return isAbsolute(home) ? join(home, '.cache', 'tripletlab', kind) : null;
  } catch {
    return null;
  }
}
