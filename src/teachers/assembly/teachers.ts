// asc: -O3 --noAssert --runtime stub --enable simd,threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Trains teachers with a thread pool. A task is a whole teacher, so that the result does not depend on the number of
// threads. The caller's data start at 65536; below that are the tables of the exponential.
import { takeTask } from '../../engine/threads/assembly/take-task';
import { gradientOfCoefficients, similarities } from './gram';
import * as layout from '../memory-layout';
import { normalize, update } from './table';
import { directTriplets, gramTriplets } from './triplets';

function compute(job: usize, teacher: usize, kind: i32): void {
  if (kind == layout.KIND_NORMALIZE) return normalize(job, teacher);
  const train = kind == layout.KIND_TRAIN;
  if (load<i32>(job, layout.SETTING_GRAM) != 0) {
    similarities(job, teacher);
    gramTriplets(job, teacher, train);
    if (train) gradientOfCoefficients(job, teacher);
  } else directTriplets(job, teacher, train);
  if (train) update(job, teacher);
}

/** Does a thread's part of the job: takes teachers until none is left. */
export function share(job: usize, scratch: usize): void {
  const teachers = load<usize>(job, layout.JOB_TEACHERS), kind = load<i32>(job, layout.JOB_KIND);
  for (let t = takeTask(job); t >= 0; t = takeTask(job)) compute(job, teachers + <usize>t * layout.TEACHER_BYTES, kind);
}
