import type { RandomStream } from '../random/stream.js';
import type { Supervision } from './embedding-loss.js';

// Batches on which losses and metrics of one's own are tried.

const TEACHERS = 2;

/** Draws n L2-normalised rows, `[n, d] float32`. */
export function unitRows(stream: RandomStream, n: number, d: number): Float32Array {
  const rows = new Float32Array(n * d);
  stream.fillNormal(rows, 0, 1);
  for (let i = 0; i < n; i++) {
    const norm = Math.hypot(...rows.subarray(i * d, (i + 1) * d));
    for (let k = i * d; k < (i + 1) * d; k++) rows[k] /= norm;
  }
  return rows;
}

/** Draws supervision of each kind for n rows: three classes in turn, two teachers. */
export const anySupervision = (stream: RandomStream, n: number, d: number): Required<Supervision> => ({
  triplets: true,
  directed: true,
  classes: Int32Array.from({ length: n }, (_, i) => 1 + (i % 3)),
  teachers: { data: unitRows(stream, n * TEACHERS, d), count: TEACHERS, size: d },
});

/** Explains the error of TensorFlow.js where a loss has no gradient; returns another message as it is. */
export const explainGradient = ({ message }: Error): string =>
  message.includes('Cannot compute gradient')
    ? 'its value does not follow from the embeddings by tensor operations; leave out dataSync, arraySync and tf.tensor'
    : message;
