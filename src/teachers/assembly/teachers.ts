// asc: -O3 --noAssert --runtime stub --enable simd,threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Teachers in training: a team of threads, each taking whole teachers, so that the result does not depend on how many
// threads there are. The caller's data start at 65536: below lie the tables of the exponential.
import { gradientOfCoefficients, similarities } from './gram';
import * as layout from '../memory-layout';
import { normalize, update } from './table';
import { directTriplets, gramTriplets } from './triplets';

function compute(team: usize, teacher: usize, kind: i32): void {
  if (kind == layout.KIND_NORMALIZE) return normalize(team, teacher);
  const train = kind == layout.KIND_TRAIN;
  if (load<i32>(team, layout.SETTING_GRAM) != 0) {
    similarities(team, teacher);
    gramTriplets(team, teacher, train);
    if (train) gradientOfCoefficients(team, teacher);
  } else directTriplets(team, teacher, train);
  if (train) update(team, teacher);
}

/** A thread's part of the team's job: takes teachers until none is left. */
export function share(team: usize, kind: i32): void {
  const teachers = load<usize>(team, layout.JOB_TEACHERS), count = load<i32>(team, layout.JOB_NUM_TEACHERS);
  for (;;) {
    const t = atomic.add<i32>(team, 1, layout.JOB_NEXT);
    if (t >= count) return;
    compute(team, teachers + <usize>t * layout.TEACHER_BYTES, kind);
  }
}
