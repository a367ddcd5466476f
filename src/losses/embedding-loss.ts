import * as tf from '../tf.js';
import type { ClassLoss, DistillationLoss, TripletLoss } from './loss.js';
import type { TeacherEmbeddings } from './shared/mining.js';
import type { RandomStream } from '../random/stream.js';
import { classesOf, teachersOf } from './shared/supervision.js';
import { UsageError } from '../errors.js';

/** What a batch's rows are held against, in host memory; each loss reads its own. */
export interface Supervision {
  /** The rows come in threes: labelled triplets. */
  readonly triplets?: true;
  readonly directed?: boolean;
  /** `[n]` */
  readonly classes?: Int32Array;
  /** `[n, count, size]` */
  readonly teachers?: TeacherEmbeddings;
}

/** A loss at the embeddings of a batch, in host memory, whatever computes it. */
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
  /** The loss as a function of a tensor of n rows, where tensor operations compute it. */
  ofTensor?(n: number, supervision: Supervision): (embeddings: tf.Tensor2D) => tf.Scalar;
  /** Of the random stream, where the loss draws from one. */
  state(): Uint32Array | undefined;
  restore(state: Uint32Array | undefined): void;
}

/** Any loss as one of a tensor of embeddings. */
export type AnyLoss =
  | { readonly kind: 'triplets'; readonly loss: TripletLoss }
  | { readonly kind: 'classes'; readonly loss: ClassLoss }
  | { readonly kind: 'teachers'; readonly loss: DistillationLoss };

/** A loss in tensor operations, on whatever engine computes them. */
export class TensorLoss implements EmbeddingLoss {
  /** @param stream what the loss draws from, if it draws */
  constructor(
    private readonly loss: AnyLoss,
    private readonly stream?: RandomStream,
  ) {}

  /** The loss as a function of a tensor of n rows, which a gradient can pass through. */
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
