// asc: -O3 --noAssert --runtime stub --enable simd,threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Exact nearest neighbours by a team of threads: upper bounds of all scores from int16 products, the best of them listed,
// the listed computed exactly. Results do not depend on which thread takes a task.
import * as layout from '../memory-layout';
import { check, measure, scan } from './exact';
import { pairs, scores } from './tiles';

/** A thread's part of the job: takes tasks until none is left. */
export function share(job: usize, scratch: usize): void {
  const kind = load<i32>(job, layout.JOB_KIND), tasks = load<i32>(job, layout.JOB_TASKS);
  for (;;) {
    const task = atomic.add<i32>(job, 1, layout.JOB_NEXT);
    if (task >= tasks) return;
    if (kind == layout.KIND_PAIRS) pairs(job, task, scratch);
    else if (kind == layout.KIND_SCORES) scores(job, task, scratch);
    else if (kind == layout.KIND_CHECK) check(job, task);
    else if (kind == layout.KIND_SCAN) scan(job, task);
    else measure(job, task);
  }
}
