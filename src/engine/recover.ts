import * as tf from '../tf.js';

/** Makes the engine that computes fit for use after an error: on some, what is read afterwards is in doubt. */
export function recoverEngine(): void {
  (tf.backend() as { recover?(): boolean }).recover?.();
}
