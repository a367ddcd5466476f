import type { Scalar, Tensor, Tensor2D, Tensor3D } from '../tf.js';

/**
 * Computes a loss on labelled triplets.
 *
 * @param embeddings `[..., 3 b, d] float32`, L2-normalised rows (of any length for `soe` and `ckl`), a triplet's items
 *   in consecutive rows: of an undirected triplet the odd one last, of a directed one anchor, positive, negative
 * @returns `[...] float32`, the mean over the b triplets
 */
export type TripletLoss = (embeddings: Tensor) => Tensor;

/**
 * Computes a loss on classes, over all pairs or triplets of a batch.
 *
 * @param embeddings `[n, d] float32`, L2-normalised rows
 * @param classes `[n] int32`
 */
export type ClassLoss = (embeddings: Tensor2D, classes: Int32Array) => Scalar;

/**
 * Computes a loss that distils the relations of a batch's items from teachers.
 *
 * @param embeddings `[n, d] float32`, L2-normalised rows
 * @param teachers `[n, T, size] float32`, T teachers' embeddings of the same items; they get no gradient
 */
export type DistillationLoss = (embeddings: Tensor2D, teachers: Tensor3D) => Scalar;
