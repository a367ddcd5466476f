import * as tf from '../tf.js';
import { FusedLoss, hasFusedLoss } from '../losses/kernels/index.js';
import { tensorLoss, type EmbeddingLoss, type Supervision } from '../losses/index.js';
import { outcome, relativeError, skipped, type Checker } from './outcome.js';

interface LossCase {
  readonly kind: string;
  readonly name: string;
  readonly directed?: boolean;
  readonly params: Record<string, unknown>;
  readonly embeddings: number[][];
  readonly classes?: number[];
  readonly source_embeddings?: number[][][];
  readonly value: number;
  readonly gradient: number[][];
}

const tolerance = { relativeValue: 1e-5, absoluteValue: 1e-6, gradient: 1e-4 };
const kinds = ['triplet', 'class', 'source_embedding'];

/**
 * Checks value and gradient of the losses, by tensor operations and, on the embedded engine, by the fused kernels too.
 */
export const checkLosses: Checker = (content) =>
  (content as { cases: LossCase[] }).cases.map((golden) => {
    const name = nameOf(golden);
    if (!kinds.includes(golden.kind)) return skipped(name, `unknown kind of loss: ${golden.kind}`);
    return outcome(name, () => {
      const complaint = compare(golden, tensorLoss(golden.name, golden.params, golden.directed ?? false));
      if (complaint !== undefined || tf.getBackend() !== 'wasm' || !hasFusedLoss(golden.name)) return complaint;
      const fused = compare(golden, new FusedLoss(golden.name, golden.params));
      return fused && `fused: ${fused}`;
    });
  });

function nameOf({ name, embeddings, directed, source_embeddings }: LossCase): string {
  const size = `${embeddings.length} x ${embeddings[0].length}`;
  const manner = directed === undefined ? '' : directed ? ', directed' : ', undirected';
  const teachers = source_embeddings?.[0].length;
  const count = teachers === undefined ? '' : teachers === 1 ? ', 1 teacher' : `, ${teachers} teachers`;
  return `${name} (${size}${manner}${count})`;
}

function compare(golden: LossCase, loss: EmbeddingLoss): string | undefined {
  const [n, d] = [golden.embeddings.length, golden.embeddings[0].length];
  const { value, gradient } = loss.valueAndGradient(
    Float32Array.from(golden.embeddings.flat()),
    n,
    d,
    supervisionOf(golden),
  );
  const error = Math.abs(value - golden.value);
  if (!(error <= tolerance.absoluteValue || error <= tolerance.relativeValue * Math.abs(golden.value)))
    return `value is ${value}, expected ${golden.value}`;
  const relative = relativeError(gradient, golden.gradient.flat());
  return relative <= tolerance.gradient ? undefined : `gradient is off by ${relative.toExponential(1)} (L2)`;
}

function supervisionOf({ classes, source_embeddings: teachers }: LossCase): Supervision {
  if (classes !== undefined) return { classes: Int32Array.from(classes) };
  if (teachers === undefined) return { triplets: true };
  const [count, size] = [teachers[0].length, teachers[0][0].length];
  return { teachers: { data: Float32Array.from(teachers.flat(2)), count, size } };
}
