import type { Tensor } from '@tensorflow/tfjs';

/**
 * A loss on labelled triplets.
 *
 * @param embeddings `[..., 3 b, d] float32`, L2-normalised rows, a triplet's items in consecutive rows: of an
 *   undirected triplet the odd one last, of a directed one anchor, near, far
 * @returns `[...] float32`, the mean over the b triplets
 */
export type TripletLoss = (embeddings: Tensor) => Tensor;
