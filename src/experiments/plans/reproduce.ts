import { resolve } from 'node:path';
import { Interrupted, UsageError } from '../../errors.js';
import { interruptible } from '../../interruption.js';
import { trainRuns, type TrainingUpdate } from '../../training/index.js';
import { isDone } from '../jobs/result.js';
import { reportLocked } from '../jobs/report-locked.js';
import { runWorker } from '../runners/local/run-worker.js';
import type { Plan } from './plan.js';
import { fitToData } from './fit-to-data.js';
import { planSteps, type PlanStep } from './plan-steps.js';
import { collectPlan, joinResults, writeResults, type Results } from './results.js';

export interface ReproduceOptions {
  /** Where relative paths start (default: the working directory). */
  readonly base?: string;
  /** Stops the work; the same call resumes it. In a notebook, interrupting the cell stops it. */
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  /** Called when a stage begins: `student yummly_se_rkd`. */
  readonly onStage?: (stage: string) => void;
  readonly onUpdate?: (update: TrainingUpdate) => void | Promise<void>;
}

/**
 * Carries a plan out: teachers, their embeddings, students, networks trained directly, evaluation.
 *
 * Finished jobs are left as they are and interrupted ones are resumed, so that a plan that was killed at any moment
 * ends with the same numbers. Several processes may carry out the same plan: a job that another one is working on is
 * left for later. `results.json` in the plan's folder is written after each job.
 *
 * @throws UsageError, before any work, where a finished run has other settings or data; after all possible work, where
 *   jobs failed
 */
export async function reproduce(wanted: Plan, given: ReproduceOptions = {}): Promise<Results> {
  const options = interruptible(given);
  if (wanted.draws.length > 0) return reproduceDraws(wanted, options);
  const { base = process.cwd(), log = () => undefined, onStage = () => undefined } = options;
  const plan = fitToData(wanted);
  for (const note of plan.notes) if (!wanted.notes.includes(note)) log(note);
  const steps = await planSteps(plan, base);
  const jobs = steps.flatMap((step) => step.jobs);
  // finished runs are compared with the plan and with the data
  for (const job of jobs) if (job.kind === 'training' && isDone(job, base)) await trainRuns(job.runs, { base, log });
  const write = (): Results => writeResults(resolve(base, plan.folder), collectPlan(plan, steps, base));
  let stage: string | undefined;
  const { interrupted, failed } = await runWorker(jobs, base, {
    ...options,
    since: Date.now(),
    onLocked: reportLocked(log),
    onJob: (job) => {
      const begun = steps.find((step) => step.jobs.includes(job))!.stage;
      if (begun !== stage) onStage(begun);
      stage = begun;
    },
    onEnd: ({ label, key }, failure) => {
      if (failure === undefined) write();
      else log(`${label} failed: ${explained(steps, key, failure)}`);
    },
  });
  if (interrupted) throw new Interrupted('interrupted; run the same command again to go on');
  for (const [key, reason] of failed) throw new UsageError(explained(steps, key, reason));
  return write();
}

/** Names the settings of a reason as the plan's author wrote them. */
function explained(steps: readonly PlanStep[], key: string, reason: string): string {
  const step = steps.find(({ jobs }) => jobs.some((job) => job.key === key));
  return step?.places?.explained(reason, { ofConfiguration: false }) ?? reason;
}

/** Carries out the plan of every draw in turn; the results are those of all draws. */
async function reproduceDraws(plan: Plan, options: ReproduceOptions): Promise<Results> {
  const { base = process.cwd(), onStage } = options;
  const found: Results[] = [];
  for (const [i, draw] of plan.draws.entries()) {
    const shown = onStage && { onStage: (stage: string) => onStage(`data ${i + 1} of ${plan.draws.length}: ${stage}`) };
    found.push(await reproduce(draw, { ...options, ...shown }));
    writeResults(resolve(base, plan.folder), joinResults(found));
  }
  return joinResults(found);
}
