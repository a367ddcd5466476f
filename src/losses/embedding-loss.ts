import * as tf from '../tf.js';
import type { ClassLoss, DistillationLoss, TripletLoss } from './loss.js';
import type { TeacherEmbeddings } from './shared/mining.js';
import type { RandomStream } from '../random/stream.js';
import { classesOf, teachersOf } from './shared/supervision.js';
import { UsageError } from '../errors.js';

/** Holds, in host memory, what a loss compares a batch's rows with; each loss reads one of these. */
export interface Supervision {
  /** The rows come in threes: labelled triplets. */
  readonly triplets?: true;
  readonly directed?: boolean;
  /** `[n]` */
  readonly classes?: Int32Array;
  /** `[n, count, size]` */
  readonly teachers?: TeacherEmbeddings;
}

/** Computes a loss at the embeddings of a batch, which are in host memory. */
export interface EmbeddingLoss {
  /**
   * @param embeddings `[n, d] float32`, L2-normalised rows
   * @returns the value and its gradient, `[n, d] float32`
   * @throws UsageError where the supervision lacks what the loss reads, or has another number of rows
   */
  valueAndGradient(
    embeddings: Float32Array,
    n: number,
    d: number,
    supervision: Supervision,
  ): { value: number; gradient: Float32Array };
  value(embeddings: Float32Array, n: number, d: number, supervision: Supervision): number;
  /** Returns the loss as a function of a tensor of n rows; only for losses computed by tensor operations. */
  ofTensor?(n: number, supervision: Supervision): (embeddings: tf.Tensor2D) => tf.Scalar;
  /** Returns the state of the random stream, if the loss draws from one. */
  state(): Uint32Array | undefined;
  restore(state: Uint32Array | undefined): void;
}

/** Is any loss, as a function of a tensor of embeddings. */
export type AnyLoss =
  | { readonly kind: 'triplets'; readonly loss: TripletLoss }
  | { readonly kind: 'classes'; readonly loss: ClassLoss }
  | { readonly kind: 'teachers'; readonly loss: DistillationLoss };

/** Computes a loss by tensor operations, on the active engine. */
export class TensorLoss implements EmbeddingLoss {
  /** @param stream what the loss draws from, if it draws */
  constructor(
    private readonly loss: AnyLoss,
    private readonly stream?: RandomStream,
  ) {}

  /** Returns the loss as a function of a tensor of n rows, differentiable with respect to it. */
  ofTensor(n: number, supervision: Supervision): (embeddings: tf.Tensor2D) => tf.Scalar {
    const { kind, loss } = this.loss;
    if (kind === 'triplets') {
      if (n % 3 !== 0) throw new UsageError(`invalid batch: ${n} rows; triplets need a multiple of 3`);
      return (embeddings) => loss(embeddings) as tf.Scalar;
    }
    if (kind === 'classes') {
      const classes = classesOf(supervision, n);
      return (embeddings) => loss(embeddings, classes);
    }
    const { data, count, size } = teachersOf(supervision, n);
    return (embeddings) => loss(embeddings, tf.tensor3d(data, [n, count, size]));
  }

  valueAndGradient(
    embeddings: Float32Array,
    n: number,
    d: number,
    supervision: Supervision,
  ): { value: number; gradient: Float32Array } {
    const loss = this.ofTensor(n, supervision);
    return tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((x) => loss(x as tf.Tensor2D))(tf.tensor2d(embeddings, [n, d]));
      return { value: value.dataSync()[0], gradient: (grad.dataSync() as Float32Array).slice() };
    });
  }

  value(embeddings: Float32Array, n: number, d: number, supervision: Supervision): number {
    const loss = this.ofTensor(n, supervision);
    return tf.tidy(() => loss(tf.tensor2d(embeddings, [n, d])).dataSync()[0]);
  }

  state(): Uint32Array | undefined {
    return this.stream?.state();
  }

  restore(state: Uint32Array | undefined): void {
    if (state !== undefined) this.stream?.restore(state);
  }
}
