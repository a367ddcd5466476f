import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseYaml } from '../../../configuration/yaml.js';
import { UsageError } from '../../../errors.js';
import { stages, type Stage } from '../../jobs/job.js';

const word = z.string().regex(/^[^\s\0]+$/, 'a word without spaces');
const count = z.int().min(1);
/** An amount; a bare number in YAML counts as its text. */
const amount = z.union([word, count.transform(String)], { error: 'an amount such as 16G or 12:00:00' });

/** The resources of a task, with the option of sbatch that asks for each. */
const asked = {
  partition: word.optional(),
  account: word.optional(),
  qos: word.optional(),
  constraint: word.optional(),
  /** `gpu:1`. */
  gres: word.optional(),
  /** `16G`. */
  memory: amount.optional(),
  /** `12:00:00`. */
  time: amount.optional(),
  cpus: count.optional(),
  /** The number of tasks of a stage that run at once (default 16). */
  array_cap: count.optional(),
  /** The number of jobs that a task does one after another (default 1): short jobs are not worth a task each. */
  jobs_per_task: count.optional(),
  /** Seconds before its time limit at which a task is warned; it then checkpoints and is requeued (default 120). */
  signal_seconds: count.optional(),
  /** Further options of sbatch, such as `--exclude=node7`. */
  options: z.array(z.string().regex(/^--[a-z][^\n\0]*$/, 'an option such as --exclude=node7')).optional(),
};
const section = z.strictObject(asked);
const schema = z.strictObject({
  ...asked,
  /** Resources that differ for a stage. */
  stages: z.partialRecord(z.enum(stages), section).default({}),
});

export type Resources = z.infer<typeof schema>;

const defaults = { array_cap: 16, jobs_per_task: 1, signal_seconds: 120 };
const flags = {
  partition: '--partition',
  account: '--account',
  qos: '--qos',
  constraint: '--constraint',
  gres: '--gres',
  memory: '--mem',
  time: '--time',
  cpus: '--cpus-per-task',
} as const satisfies Partial<Record<keyof typeof asked, string>>;

/** Asks for nothing: the cluster's defaults apply. */
export const noResources: Resources = { stages: {} };

/**
 * Reads the resources of tasks, a YAML file such as `configurations/slurm/gpu.yaml`.
 *
 * @throws UsageError where it is missing or invalid
 */
export function loadResources(file: string): Resources {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`missing file: ${file}; give a YAML file such as configurations/slurm/gpu.yaml`);
  }
  const parsed = schema.safeParse(parseYaml(text, file) ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`invalid resources: ${issue.path.join('.') || 'all'} in ${file}: ${issue.message}`);
}

/** Returns the resources of a stage's tasks. */
function ofStage({ stages: own, ...common }: Resources, stage: Stage) {
  return { ...defaults, ...common, ...own[stage] };
}

/** Returns the number of jobs that a task of a stage does. */
export const jobsPerTask = (resources: Resources, stage: Stage): number => ofStage(resources, stage).jobs_per_task;

/** Returns the options of sbatch for an array of a stage's tasks. */
export function sbatchOptions(resources: Resources, stage: Stage, tasks: number): string[] {
  const all = ofStage(resources, stage);
  return [
    ...Object.entries(flags).flatMap(([key, flag]) => {
      const value = all[key as keyof typeof flags];
      return value === undefined ? [] : [`${flag}=${value}`];
    }),
    `--array=0-${tasks - 1}%${all.array_cap}`,
    `--signal=B:USR1@${all.signal_seconds}`,
    ...(all.options ?? []),
  ];
}
