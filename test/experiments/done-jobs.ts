import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CollectedTable } from '../../src/experiments/index.js';
import type { Attempt } from '../../src/experiments/jobs/attempts.js';

interface JobFile {
  readonly label: string;
  readonly attempts: readonly Attempt[];
}

/** The jobs of an experiments folder that were begun. */
export const jobFiles = (folder: string): JobFile[] =>
  readdirSync(join(folder, 'jobs')).flatMap((key) => {
    try {
      return [JSON.parse(readFileSync(join(folder, 'jobs', key, 'job.json'), 'utf8')) as JobFile];
    } catch {
      return []; // locked, not begun
    }
  });

/** The jobs that were attempted more often than once, by their labels: how each attempt ended. */
export const repeatedJobs = (folder: string): Record<string, string> =>
  Object.fromEntries(
    jobFiles(folder)
      .map(({ label, attempts }) => [label, attempts.map(({ end }) => end).join(', ')])
      .filter(([, ends]) => ends !== 'done'),
  ) as Record<string, string>;

/** The numbers of a table, without what differs from time to time. */
export function numbersOf({ rows, comparisons }: CollectedTable): unknown {
  const timeless = rows.map((row) => ({ ...row, seconds: 0, runs: row.runs.map((run) => ({ ...run, seconds: 0 })) }));
  return { rows: timeless, comparisons };
}
