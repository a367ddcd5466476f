import type { Engine } from '../engine.js';
import { computesBeside } from './module.js';
import { FusedTeachers, hasFusedKernel, type TeacherSpecification } from './teachers.js';

export { FusedTeachers, type TeacherSpecification } from './teachers.js';
export { FIRST_MOMENT, SECOND_MOMENT, STEP, WEIGHT } from './names.js';

/** Teachers trained by the fused kernel where this engine and loss have one, otherwise undefined. */
export async function fusedTeachers(engine: Engine, spec: TeacherSpecification): Promise<FusedTeachers | undefined> {
  if (!computesBeside(engine) || !hasFusedKernel(spec.loss)) return undefined;
  return FusedTeachers.create(spec);
}
