import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder of the person's own cache, `~/.cache/tripletlab/KIND`, whether it exists or not; null without a home. */
export function cacheFolder(kind: string): string | null {
  try {
    return join(homedir(), '.cache', 'tripletlab', kind);
  } catch {
    return null;
  }
}
