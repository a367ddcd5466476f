import { JOB_NEXT, JOB_TASKS } from '../job-layout';

/** Takes the next task that no thread has taken; returns its number, or -1 where none is left. */
// @ts-ignore: decorator
@inline
export function takeTask(job: usize): i32 {
  const task = atomic.add<i32>(job, 1, JOB_NEXT);
  return task < load<i32>(job, JOB_TASKS) ? task : -1;
}
