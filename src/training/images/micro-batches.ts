import * as tf from '../../tf.js';
import type { Backbone, Embedder } from '../../backbones/index.js';
import type { YieldPoint } from '../learner.js';

/** Pictures that go through the network together: `[rows, size, size, 3] float32`. */
export interface MicroBatch {
  readonly data: Float32Array;
  readonly rows: number;
  readonly size: number;
}

/** A loss of all rows of a batch. */
export interface BatchLoss {
  /** Returns its value and its gradient with respect to the embeddings; embeddings and gradient are `[n, d]`. */
  at(embeddings: Float32Array, n: number, d: number): { value: number; gradient: Float32Array };
  /** The same loss as tensor operations, where it consists of these. */
  readonly ofTensor?: ((embeddings: tf.Tensor2D) => tf.Scalar) | undefined;
}

/** A network as the training of batches sees it: it embeds micro-batches and computes gradients of a loss. */
export interface EmbeddingNetwork {
  readonly embeddingSize: number;
  /** Micro-batches that are processed at a time. */
  readonly width: number;
  /** Embeds the micro-batches' pictures: `[n, d] float32`. */
  embed(microBatches: readonly MicroBatch[], training: boolean, yieldPoint: YieldPoint): Promise<Float32Array>;
  /** Returns the loss, and its gradients in the order of the trainable parameters, the caller's to dispose. */
  gradient(
    microBatches: readonly MicroBatch[],
    loss: BatchLoss,
    yieldPoint: YieldPoint,
  ): Promise<{ readonly value: number; readonly gradients: tf.Tensor[] }>;
  /** Tells the network that parameters have new values: the trained ones, or all. */
  changed(what: 'trained' | 'all'): void;
  dispose(): Promise<void>;
}

/** Returns a network that this process computes. */
export const localNetwork = (backbone: Backbone): EmbeddingNetwork => ({
  embeddingSize: backbone.embeddingSize,
  width: 1,
  embed: (microBatches, training, yieldPoint) => embedMicroBatches(backbone, microBatches, training, yieldPoint),
  gradient: (microBatches, loss, yieldPoint) => gradientInMicroBatches(backbone, microBatches, loss, yieldPoint),
  changed: () => undefined,
  dispose: () => Promise.resolve(),
});

/** Splits pictures into micro-batches of at most so many rows; their values are not copied. */
export const splitMicroBatches = (microBatches: readonly MicroBatch[], most: number): MicroBatch[] =>
  microBatches.flatMap(({ data, rows, size }) => {
    const pixels = 3 * size ** 2;
    return Array.from({ length: Math.ceil(rows / most) }, (_, i) => {
      const end = Math.min(rows, (i + 1) * most);
      return { data: data.subarray(i * most * pixels, end * pixels), rows: end - i * most, size };
    });
  });

/**
 * Embeds pictures, one micro-batch at a time.
 *
 * @returns `[n, d] float32`
 */
export async function embedMicroBatches(
  backbone: Embedder,
  microBatches: readonly MicroBatch[],
  training: boolean,
  yieldPoint: YieldPoint,
): Promise<Float32Array> {
  const embeddings = new Float32Array(rowsOf(microBatches) * backbone.embeddingSize);
  let at = 0;
  for (const [i, microBatch] of microBatches.entries()) {
    const output = tf.tidy(() => backbone.embed(tensorOf(microBatch), training));
    const values = (await output.data()) as Float32Array;
    output.dispose();
    embeddings.set(values, at);
    at += values.length;
    await yieldPoint((i + 1) / microBatches.length);
  }
  return embeddings;
}

/**
 * Computes the loss of a batch and its gradient with respect to the trainable parameters, and never holds the
 * intermediate values of more than one micro-batch. First all micro-batches are embedded, and the loss L of all rows
 * is computed with its gradient G = dL/dE with respect to the embeddings E. Then each micro-batch is embedded again and
 * its rows of G are propagated back: dL/dw = sum over micro-batches of d(sum E G)/dw. The result is that of the whole
 * batch, up to rounding, where rows do not depend on each other.
 *
 * @returns the gradients in the order of the trainable parameters, the caller's to dispose
 */
export async function gradientInMicroBatches(
  backbone: Backbone,
  microBatches: readonly MicroBatch[],
  loss: BatchLoss,
  yieldPoint: YieldPoint,
): Promise<{ readonly value: number; readonly gradients: tf.Tensor[] }> {
  const d = backbone.embeddingSize;
  if (microBatches.length === 1) return gradientAtOnce(backbone, microBatches[0], loss, yieldPoint);
  const embeddings = await embedMicroBatches(backbone, microBatches, true, (share) => yieldPoint(share / 4));
  const { value, gradient } = loss.at(embeddings, rowsOf(microBatches), d);
  let at = 0;
  const upstream = microBatches.map(({ rows }) => gradient.subarray(at * d, (at += rows) * d));
  return {
    value,
    gradients: await propagateMicroBatches(backbone, microBatches, upstream, (share) =>
      yieldPoint((1 + 3 * share) / 4),
    ),
  };
}

/**
 * Embeds each micro-batch again and propagates back its rows of the loss's gradient with respect to the embeddings.
 *
 * @param upstream `[rows, d] float32` of each micro-batch
 * @returns the sums over the micro-batches, in the order of the trainable parameters, the caller's to dispose; no
 *   tensors without micro-batches
 */
export async function propagateMicroBatches(
  backbone: Backbone,
  microBatches: readonly MicroBatch[],
  upstream: readonly Float32Array[],
  yieldPoint: YieldPoint,
): Promise<tf.Tensor[]> {
  let gradients: tf.Tensor[] = [];
  try {
    for (const [i, microBatch] of microBatches.entries()) {
      const { gradients: ofMicroBatch } = gradientsOf(backbone, () => {
        const weights = tf.tensor2d(upstream[i], [microBatch.rows, backbone.embeddingSize]);
        return tf.sum(tf.mul(backbone.embed(tensorOf(microBatch), true), weights));
      });
      gradients = i === 0 ? ofMicroBatch : added(gradients, ofMicroBatch);
      await yieldPoint((i + 1) / microBatches.length);
    }
  } catch (error) {
    tf.dispose(gradients);
    throw error;
  }
  return gradients;
}

/**
 * Computes loss and gradient in one pass, for a batch that is a single micro-batch.
 *
 * After the forward pass the work may not be dropped any more: running statistics have changed by then.
 */
async function gradientAtOnce(
  backbone: Backbone,
  microBatch: MicroBatch,
  loss: BatchLoss,
  yieldPoint: YieldPoint,
): Promise<{ value: number; gradients: tf.Tensor[] }> {
  await yieldPoint(0);
  const { ofTensor } = loss;
  if (ofTensor !== undefined) {
    const { value: scalar, gradients } = gradientsOf(backbone, () =>
      ofTensor(backbone.embed(tensorOf(microBatch), true)),
    );
    return { value: scalar, gradients };
  }
  let value = NaN;
  const withGradient = (embeddings: tf.Tensor, save: tf.GradSaveFunc) => {
    const [n, d] = embeddings.shape;
    const result = loss.at(embeddings.dataSync<'float32'>(), n, d);
    value = result.value;
    save([tf.tensor2d(result.gradient, [n, d])]);
    return {
      value: tf.scalar(result.value),
      gradFunc: (upstream: tf.Tensor, [gradient]: tf.Tensor[]) => tf.mul(gradient, upstream),
    };
  };
  const lossOp = tf.customGrad(withGradient as Parameters<typeof tf.customGrad>[0]);
  const { gradients } = gradientsOf(backbone, () => lossOp(backbone.embed(tensorOf(microBatch), true)));
  return { value, gradients };
}

const tensorOf = ({ data, rows, size }: MicroBatch): tf.Tensor4D => tf.tensor4d(data, [rows, size, size, 3]);

/** Counts the rows of all micro-batches. */
export const rowsOf = (microBatches: readonly MicroBatch[]): number =>
  microBatches.reduce((sum, { rows }) => sum + rows, 0);

function gradientsOf(backbone: Backbone, f: () => tf.Tensor): { value: number; gradients: tf.Tensor[] } {
  const trainable = backbone.parameters.filter((parameter) => parameter.trainable);
  const variables = trainable.map(({ variable }) => variable);
  const { value, grads } = leavingNothing(() => tf.variableGrads(f as () => tf.Scalar, variables));
  const [number] = value.dataSync();
  value.dispose();
  return { value: number, gradients: variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable)) };
}

/** Disposes what a failed gradient leaves in TensorFlow.js: the value, and what was saved for the backward pass. */
function leavingNothing<T extends tf.TensorContainer>(work: () => T): T {
  try {
    return tf.tidy(work);
  } catch (error) {
    const { state } = tf.engine() as unknown as { state: { activeTape: { saved?: tf.Tensor[] }[] | null } };
    for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
    state.activeTape = null;
    throw error;
  }
}

function added(a: tf.Tensor[], b: tf.Tensor[]): tf.Tensor[] {
  try {
    return tf.tidy(() => a.map((tensor, i) => tf.add(tensor, b[i])));
  } finally {
    tf.dispose([a, b]);
  }
}
