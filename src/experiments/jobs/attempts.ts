import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, writeFileAtomic } from '../../files.js';
import { readStoredJson } from '../../stored-json.js';
import { lockHolder, type RunLockedError } from '../../training/index.js';
import { placeOf, type Job } from './job.js';

/** An attempt at a job. */
export interface Attempt {
  readonly started: string; // ISO 8601
  readonly host: string;
  /** The Slurm job that makes it. */
  readonly slurm?: string;
  /** `going` also for an attempt whose process was killed: then nobody holds the job's lock. */
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

/** Returns the folder of a job's lock and attempts; makes it if it does not exist. */
export function jobFolder(key: string, place: string): string {
  const folder = join(place, 'jobs', key);
  makeFolder(folder);
  return folder;
}

const fileOf = (key: string, place: string): string => join(place, 'jobs', key, 'job.json');

/**
 * Reads all attempts at a job, the first one first.
 *
 * @throws UsageError where their file is damaged, saying which one to remove
 */
export function attemptsOf(key: string, place: string): readonly Attempt[] {
  const file = fileOf(key, place);
  if (!existsSync(file)) return [];
  return readStoredJson<JobFile>(file, jobFileSchema, { what: 'notes of a job', remedy: 'remove it and run again' })
    .attempts;
}

/** Returns the error that names the process working on the job, or undefined where there is none. */
export const atWork = (job: Job, folder: string): RunLockedError | undefined =>
  lockHolder(join(placeOf(job, folder), 'jobs', job.key), job.label);

function write(job: Job, place: string, attempts: readonly Attempt[]): void {
  const content: JobFile = { format: 1, label: job.label, attempts };
  writeFileAtomic(fileOf(job.key, place), `${JSON.stringify(content, null, 1)}\n`);
}

/** Records the start of an attempt; the caller must hold the job's lock. */
export function beginAttempt(job: Job, place: string): void {
  const slurm = process.env['SLURM_JOB_ID'];
  const begun: Attempt = {
    started: new Date().toISOString(),
    host: hostname(),
    ...(slurm && { slurm }),
    end: 'going',
  };
  write(job, place, [...attemptsOf(job.key, place), begun]);
}

/** Records how the last attempt ended. */
export function endAttempt(job: Job, place: string, end: Attempt['end'], reason?: string): void {
  const all = attemptsOf(job.key, place);
  write(job, place, [...all.slice(0, -1), { ...all[all.length - 1], end, ...(reason !== undefined && { reason }) }]);
}

/** Removes the last attempt: another process holds the lock of the run itself, which can be trained without its job. */
export function withdrawAttempt(job: Job, place: string): void {
  write(job, place, attemptsOf(job.key, place).slice(0, -1));
}
