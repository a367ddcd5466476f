import type { Engine } from '../engine/types.js';
import { supportsHostKernels } from '../engine/host-kernels.js';
import { FusedTeachers } from './fused-teachers.js';
import { hasFusedKernel, type TeacherSpecification } from './teacher-specification.js';

export { FusedTeachers } from './fused-teachers.js';
export type { TeacherSpecification } from './teacher-specification.js';
export { FIRST_MOMENT, SECOND_MOMENT, STEP, WEIGHT } from './tensor-names.js';

/** Makes teachers that the fused kernel trains; undefined if this engine or this loss has no such kernel. */
export function fusedTeachers(engine: Engine, spec: TeacherSpecification): FusedTeachers | undefined {
  if (!supportsHostKernels(engine) || !hasFusedKernel(spec.loss)) return undefined;
  return FusedTeachers.create(spec);
}
