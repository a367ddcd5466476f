import type { Engine } from '../engine/types.js';
import { supportsHostKernels } from '../engine/host-kernels.js';
import { FusedTeachers } from './fused-teachers.js';
import { canFuse, type TeacherSpecification } from './teacher-specification.js';

export { FusedTeachers } from './fused-teachers.js';
export type { TeacherSpecification } from './teacher-specification.js';
export { FIRST_MOMENT, SECOND_MOMENT, STEP, WEIGHT } from './tensor-names.js';

/** Makes teachers that the fused kernel trains; undefined if this engine has none, or the kernel not all parts. */
export function fusedTeachers(engine: Engine, spec: TeacherSpecification): FusedTeachers | undefined {
  if (!supportsHostKernels(engine) || !canFuse(spec)) return undefined;
  return FusedTeachers.create(spec);
}
