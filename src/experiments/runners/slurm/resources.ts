import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseYaml } from '../../../configuration/yaml.js';
import { UsageError } from '../../../errors.js';
import { stages, type Stage } from '../../jobs/job.js';

const word = z.string().regex(/^[^\s\0]+$/, 'a word without spaces');
const count = z.int().min(1);
/** A bare number of YAML is as good as its text. */
const amount = z.union([word, count.transform(String)], { error: 'an amount such as 16G or 12:00:00' });

/** What a task asks for, and the option of sbatch that says so. */
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
  /** Tasks of a stage that run at once (default 16). */
  array_cap: count.optional(),
  /** Jobs that a task does one after another (default 1): short ones are not worth a task each. */
  jobs_per_task: count.optional(),
  /** A task is warned so many seconds before its time is up; then it checkpoints and is requeued (default 120). */
  signal_seconds: count.optional(),
  /** Further options of sbatch, such as `--exclude=node7`. */
  options: z.array(z.string().regex(/^--[a-z][^\n\0]*$/, 'an option such as --exclude=node7')).optional(),
};
const section = z.strictObject(asked);
const schema = z.strictObject({
  ...asked,
  /** What differs for a stage. */
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

/** Asks for nothing: what the cluster gives by default. */
export const noResources: Resources = { stages: {} };

/**
 * Reads what tasks ask for, a YAML file such as `configurations/slurm/gpu.yaml`.
 *
 * @throws UsageError where it is missing or says something else
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

/** What tasks of a stage ask for. */
function ofStage({ stages: own, ...common }: Resources, stage: Stage) {
  return { ...defaults, ...common, ...own[stage] };
}

/** How many jobs a task of a stage does. */
export const jobsPerTask = (resources: Resources, stage: Stage): number => ofStage(resources, stage).jobs_per_task;

/** The options of sbatch for an array of a stage's tasks. */
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
