import type { ExecutionContext } from 'ava';
import { FusedLoss, hasFusedLoss } from '../../src/losses/kernels/index.js';
import { tensorLoss, type EmbeddingLoss, type Supervision } from '../../src/losses/index.js';
import { RandomStream } from '../../src/random/stream.js';
import type { Parameters, Rows, Teachers } from './naive.js';

/** Each form of a loss, from streams of one seed. */
export function forms(name: string, parameters: Parameters, seed = 5): Record<string, EmbeddingLoss> {
  const tensors = tensorLoss(name, parameters, false, new RandomStream(seed, 'draws'));
  if (!hasFusedLoss(name)) return { tensors };
  return { tensors, fused: new FusedLoss(name, parameters, new RandomStream(seed, 'draws')) };
}

export const flat = (rows: Rows): Float32Array => Float32Array.from(rows.flat());

export const withTeachers = (teachers: Teachers): Supervision => ({
  teachers: { data: Float32Array.from(teachers.flat(2)), count: teachers[0].length, size: teachers[0][0].length },
});

export const withClasses = (classes: readonly number[]): Supervision => ({ classes: Int32Array.from(classes) });

export const norm = (x: ArrayLike<number>): number => Math.hypot(...Array.from(x));

/** |a - b| / |b|; |a| where b is 0. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const difference = norm(Array.from(a, (x, i) => x - b[i]));
  return norm(b) < 1e-7 ? difference : difference / norm(b);
}

/** Holds value and gradient of all forms against a value and a gradient. */
export function holdsAgainst(
  t: ExecutionContext,
  losses: Record<string, EmbeddingLoss>,
  rows: Rows,
  supervision: Supervision,
  value: number,
  gradient?: readonly number[],
): void {
  for (const [form, loss] of Object.entries(losses)) {
    const state = loss.state();
    const result = loss.valueAndGradient(flat(rows), rows.length, rows[0].length, supervision);
    t.true(
      Math.abs(result.value - value) <= 1e-6 + 2e-5 * Math.abs(value),
      `${form}: value ${result.value}, expected ${value}`,
    );
    loss.restore(state);
    t.is(loss.value(flat(rows), rows.length, rows[0].length, supervision), result.value, form);
    t.true(result.gradient.every(Number.isFinite), form);
    if (gradient === undefined) continue;
    const off = relativeDifference(result.gradient, gradient);
    t.true(off < 2e-4, `${form}: gradient is off by ${off}`);
  }
}
