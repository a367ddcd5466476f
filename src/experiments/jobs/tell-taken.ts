import type { RunLockedError } from '../../training/index.js';

type Tell = (by: RunLockedError) => void;

function tellOnce(log: (line: string) => void, words: (by: RunLockedError) => string | undefined): Tell {
  const said = new Set<string>();
  return (by) => {
    const line = words(by);
    if (line === undefined || said.has(line)) return;
    said.add(line);
    log(line);
  };
}

/** Says once of each job whose process cannot be asked what to do if that process has ended. */
export const tellUnknown = (log: (line: string) => void): Tell => tellOnce(log, ({ unknown }) => unknown);

/** Says once of each job that another process is working on that it is left for later. */
export const tellTaken = (log: (line: string) => void): Tell =>
  tellOnce(log, ({ message }) => `${message.replace(/;.*/s, '')}: left for later`);
