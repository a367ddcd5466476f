import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, writeFileAtomic } from '../../files.js';
import { readStoredJson } from '../../stored-json.js';
import { lockHolder, type RunLockedError } from '../../training/index.js';
import type { Job } from './job.js';

/** An attempt at a job. */
export interface Attempt {
  readonly started: string; // ISO 8601
  readonly host: string;
  /** The Slurm job that it is the work of. */
  readonly slurm?: string;
  /** `going` also of one whose process was killed: then nobody holds the job's lock. */
  readonly end: 'going' | 'done' | 'interrupted' | 'failed';
  readonly reason?: string;
}

interface JobFile {
  readonly format: 1;
  readonly label: string;
  readonly attempts: readonly Attempt[];
}

const jobFileSchema = z.object({
  format: z.literal(1),
  attempts: z.array(
    z.object({
      started: z.string(),
      host: z.string(),
      slurm: z.string().optional(),
      end: z.enum(['going', 'done', 'interrupted', 'failed']),
      reason: z.string().optional(),
    }),
  ),
});

/** The folder of a job's lock and attempts; made if it is not there. */
export function jobFolder(key: string, folder: string): string {
  const place = join(folder, 'jobs', key);
  makeFolder(place);
  return place;
}

const fileOf = (key: string, folder: string): string => join(folder, 'jobs', key, 'job.json');

/**
 * All attempts at a job, the first one first.
 *
 * @throws UsageError where their file is damaged, saying which one to remove
 */
export function attemptsOf(key: string, folder: string): readonly Attempt[] {
  const file = fileOf(key, folder);
  if (!existsSync(file)) return [];
  return readStoredJson<JobFile>(file, jobFileSchema, { what: 'notes of a job', remedy: 'remove it and run again' })
    .attempts;
}

/** The process that is at the job, if one is. */
export const atWork = ({ key, label }: Job, folder: string): RunLockedError | undefined =>
  lockHolder(join(folder, 'jobs', key), label);

function write(job: Job, folder: string, attempts: readonly Attempt[]): void {
  const content: JobFile = { format: 1, label: job.label, attempts };
  writeFileAtomic(fileOf(job.key, folder), `${JSON.stringify(content, null, 1)}\n`);
}

/** Notes an attempt, by whoever holds the job's lock. */
export function beginAttempt(job: Job, folder: string): void {
  const slurm = process.env['SLURM_JOB_ID'];
  const begun: Attempt = {
    started: new Date().toISOString(),
    host: hostname(),
    ...(slurm && { slurm }),
    end: 'going',
  };
  write(job, folder, [...attemptsOf(job.key, folder), begun]);
}

/** Notes how the last attempt ended. */
export function endAttempt(job: Job, folder: string, end: Attempt['end'], reason?: string): void {
  const all = attemptsOf(job.key, folder);
  write(job, folder, [...all.slice(0, -1), { ...all[all.length - 1], end, ...(reason !== undefined && { reason }) }]);
}
