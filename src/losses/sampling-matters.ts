import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import { distanceWeighted } from '../miners/index.js';
import type { RandomStream } from '../random/stream.js';
import { untracked } from './shared/stable-math.js';
import type { ClassLoss } from './loss.js';
import { column, streamFor } from './shared/mining.js';

/** Keeps the derivative of the distance finite. */
const SMOOTHING = 1e-8;

/**
 * Makes the margin loss on drawn triplets (see src/miners/distance-weighted.ts): the sum of
 * relu(d_ap - beta + margin) + relu(beta - d_an + margin), d = sqrt(|a - b|^2 + 1e-8), divided by the number of
 * triplets in which either term is above 0.
 *
 * The original intends to learn one beta per class, but does not: here it is constant.
 *
 * After Wu, Manmatha, Smola, Krähenbühl, *Sampling matters in deep embedding learning*, ICCV 2017.
 *
 * @param stream what the triplets are drawn from
 */
export const samplingMatters = (
  { margin, beta }: LossParameters<'sampling_matters'>,
  stream?: RandomStream,
): ClassLoss => {
  const source = streamFor('sampling_matters', stream);
  return (embeddings, classes) =>
    tf.tidy(() => {
      const triplets = distanceWeighted(embeddings.dataSync() as Float32Array, embeddings.shape[1], classes, source);
      if (triplets.length === 0) return tf.mul(tf.sum(embeddings), 0);
      const [anchor, positive, negative] = [0, 1, 2].map((c) => tf.gather(embeddings, column(triplets, c)));
      const distance = (other: tf.Tensor): tf.Tensor =>
        tf.sqrt(tf.add(tf.sum(tf.square(tf.sub(anchor, other)), 1), SMOOTHING));
      const pull = tf.relu(tf.add(tf.sub(distance(positive), beta), margin));
      const push = tf.relu(tf.add(tf.sub(beta, distance(negative)), margin));
      const losses = tf.add(pull, push);
      const counted = untracked(losses, (x) => tf.maximum(tf.sum(tf.cast(tf.greater(x, 0), 'float32')), 1));
      return tf.div(tf.sum(losses), counted);
    });
};
