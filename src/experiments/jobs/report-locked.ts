import type { RunLockedError } from '../../training/index.js';

type ReportLock = (by: RunLockedError) => void;

function reportOnce(log: (line: string) => void, words: (by: RunLockedError) => string | undefined): ReportLock {
  const said = new Set<string>();
  return (by) => {
    const line = words(by);
    if (line === undefined || said.has(line)) return;
    said.add(line);
    log(line);
  };
}

/** Says once of each job whose process cannot be asked what to do if that process has ended. */
export const reportUnknownOwner = (log: (line: string) => void): ReportLock =>
  reportOnce(log, ({ unknown }) => unknown);

/** Says once of each job that another process is working on that it is left for later. */
export const reportLocked = (log: (line: string) => void): ReportLock =>
  reportOnce(log, ({ message }) => `${message.replace(/;.*/s, '')}: left for later`);
