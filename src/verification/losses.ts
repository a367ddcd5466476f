import * as tf from '@tensorflow/tfjs';
import { makeTripletLoss } from '../losses/index.js';
import { outcome, relativeError, skipped, type Checker } from './outcome.js';

interface LossCase {
  readonly kind: string;
  readonly name: string;
  readonly directed?: boolean;
  readonly params: Record<string, unknown>;
  readonly embeddings: number[][];
  readonly value: number;
  readonly gradient: number[][];
}

const tolerance = { relativeValue: 1e-5, absoluteValue: 1e-6, gradient: 1e-4 };

/** Value and gradient of the losses; those that this version has not are skipped by name. */
export const checkLosses: Checker = (content) =>
  (content as { cases: LossCase[] }).cases.map((golden) => {
    const size = `${golden.embeddings.length} x ${golden.embeddings[0].length}`;
    const manner = golden.directed === undefined ? '' : golden.directed ? ', directed' : ', undirected';
    const name = `${golden.name} (${size}${manner})`;
    if (golden.kind !== 'triplet') return skipped(name, 'loss not in this version');
    return outcome(name, () => {
      const { value, gradient } = valueAndGradient(golden);
      const error = Math.abs(value - golden.value);
      if (!(error <= tolerance.absoluteValue || error <= tolerance.relativeValue * Math.abs(golden.value)))
        return `value is ${value}, expected ${golden.value}`;
      const relative = relativeError(gradient, golden.gradient.flat());
      return relative <= tolerance.gradient ? undefined : `gradient is off by ${relative.toExponential(1)} (L2)`;
    });
  });

function valueAndGradient({ name, params, directed = false, embeddings }: LossCase): {
  value: number;
  gradient: ArrayLike<number>;
} {
  const loss = makeTripletLoss(name, params, directed);
  return tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad((x) => loss(x))(tf.tensor2d(embeddings));
    return { value: value.dataSync()[0], gradient: grad.dataSync() };
  });
}
