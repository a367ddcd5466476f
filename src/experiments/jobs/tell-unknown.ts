import type { RunLockedError } from '../../training/index.js';

/** Says once of each job in the hands of a process that cannot be asked what to do if that process is gone. */
export function tellUnknown(log: (line: string) => void): (by: RunLockedError) => void {
  const said = new Set<string>();
  return ({ unknown }) => {
    if (unknown === undefined || said.has(unknown)) return;
    said.add(unknown);
    log(unknown);
  };
}
