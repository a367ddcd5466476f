import * as tf from '../../tf.js';

/** The least argument of the square root: smaller squared distances are clamped to it. */
const EPSILON = 1e-12;

/** Holds one value for each pair of a triplet, `[..., b]` each; the last is undefined if triplets are directed. */
export interface TripletPairs {
  readonly pair01: tf.Tensor;
  readonly pair02: tf.Tensor;
  readonly pair12: tf.Tensor | undefined;
}

/** Returns the rows of each triplet's three items: `[..., 3 b, d]` to three of `[..., b, d]`. */
function members(embeddings: tf.Tensor): tf.Tensor[] {
  const leading = embeddings.shape.slice(0, -2);
  const [rows, size] = embeddings.shape.slice(-2);
  return tf.unstack(tf.reshape(embeddings, [...leading, rows / 3, 3, size]), leading.length + 1);
}

function pairs(
  embeddings: tf.Tensor,
  directed: boolean,
  value: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): TripletPairs {
  const [anchor, positive, negative] = members(embeddings);
  return {
    pair01: value(anchor, positive),
    pair02: value(anchor, negative),
    pair12: directed ? undefined : value(positive, negative),
  };
}

const dot = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.sum(tf.mul(a, b), -1);

/**
 * Computes dot products within triplets.
 *
 * @param embeddings `[..., 3 b, d] float32`, a triplet's items in consecutive rows
 */
export const pairSimilarities = (embeddings: tf.Tensor, directed: boolean): TripletPairs =>
  pairs(embeddings, directed, dot);

const squaredDistance = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.sub(tf.add(dot(a, a), dot(b, b)), tf.mul(dot(a, b), 2));

/**
 * Computes squared Euclidean distances within triplets: max(|a|^2 + |b|^2 - 2 a.b, 0).
 *
 * @param embeddings `[..., 3 b, d] float32`, a triplet's items in consecutive rows
 */
export const pairSquaredDistances = (embeddings: tf.Tensor, directed: boolean): TripletPairs =>
  pairs(embeddings, directed, (a, b) => tf.relu(squaredDistance(a, b)));

/**
 * Computes Euclidean distances within triplets: sqrt(max(|a|^2 + |b|^2 - 2 a.b, 1e-12)), no gradient where clamped.
 *
 * @param embeddings `[..., 3 b, d] float32`, a triplet's items in consecutive rows
 */
export const pairDistances = (embeddings: tf.Tensor, directed: boolean): TripletPairs =>
  pairs(embeddings, directed, (a, b) => tf.sqrt(tf.maximum(squaredDistance(a, b), EPSILON)));

/** Computes the mean of the values that are defined; for a directed triplet the last is not. */
export function meanOf(...values: (tf.Tensor | undefined)[]): tf.Tensor {
  const present = values.filter((value): value is tf.Tensor => value !== undefined);
  return tf.div(tf.addN(present), present.length);
}
