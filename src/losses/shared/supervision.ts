import { UsageError } from '../../errors.js';
import type { Supervision } from '../embedding-loss.js';
import type { TeacherEmbeddings } from './mining.js';

/** Returns the batch's classes, `[n]`. @throws UsageError where they are missing or not n */
export function classesOf({ classes }: Supervision, n: number): Int32Array {
  if (classes === undefined) throw new UsageError('missing classes; a loss on classes needs those of the batch');
  if (classes.length !== n)
    throw new UsageError(`invalid classes: ${classes.length} for ${n} rows; give one for each row of the batch`);
  return classes;
}

/** Returns the teachers' embeddings of the batch. @throws UsageError where they are missing or not of n rows */
export function teachersOf({ teachers }: Supervision, n: number): TeacherEmbeddings {
  if (teachers === undefined)
    throw new UsageError("missing teachers' embeddings; a distillation loss needs those of the batch");
  const { data, count, size } = teachers;
  if (!(count >= 1 && size >= 1) || data.length !== n * count * size)
    throw new UsageError(
      `invalid teachers' embeddings: ${data.length} numbers; the batch needs ${n} x ${count} x ${size}`,
    );
  return teachers;
}
