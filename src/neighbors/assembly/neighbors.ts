// asc: -O3 --noAssert --runtime stub --enable simd,threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Exact nearest neighbours with a thread pool. Products of quantised rows give upper bounds of all scores; rows with the
// best bounds are listed, and the listed ones computed exactly. Results do not depend on which thread takes a task.
import { takeTask } from '../../engine/threads/assembly/take-task';
import * as layout from '../memory-layout';
import { check, measure, scan } from './exact';
import { quantize } from './quantize';
import { pairs, scores } from './tiles';

/** Does a thread's part of the job: takes tasks until none is left. */
export function share(job: usize, scratch: usize): void {
  const kind = load<i32>(job, layout.JOB_KIND);
  for (let task = takeTask(job); task >= 0; task = takeTask(job)) {
    if (kind == layout.KIND_PAIRS) pairs(job, task, scratch);
    else if (kind == layout.KIND_SCORES) scores(job, task, scratch);
    else if (kind == layout.KIND_CHECK) check(job, task);
    else if (kind == layout.KIND_SCAN) scan(job, task);
    else if (kind == layout.KIND_QUANTIZE) quantize(job, task);
    else measure(job, task);
  }
}
