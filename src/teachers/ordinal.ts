import * as tf from '../tf.js';

/**
 * Embeds items by their indexes with `Ordinal`: the table's row as it is, without relu or normalisation, so that the
 * space is Euclidean. It is not in the paper.
 *
 * After Terada, von Luxburg, *Local ordinal embedding*, ICML 2014.
 *
 * @param table `[teachers, items, size] float32`
 * @param indexes `[n] int32`
 * @returns `[teachers, n, size] float32`
 */
export const ordinal = (table: tf.Tensor3D, indexes: tf.Tensor1D): tf.Tensor3D => tf.gather(table, indexes, 1);
