import * as tf from '../../tf.js';

/** Marks a batch's ordered pairs of one class (not an item with itself) and of two classes by 1: `[n, n] float32`. */
export interface ClassPairs {
  readonly same: tf.Tensor2D;
  readonly different: tf.Tensor2D;
}

/** @param classes `[n]` */
export function classPairs(classes: Int32Array): ClassPairs {
  const n = classes.length;
  const column = tf.tensor2d(classes, [n, 1], 'int32');
  const equal = tf.cast(tf.equal(column, tf.transpose(column)), 'float32') as tf.Tensor2D;
  return { same: tf.sub(equal, tf.eye(n)), different: tf.sub(1, equal) };
}
