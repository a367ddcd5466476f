import * as tf from '../tf.js';

/** Makes the active engine usable again after an error: on some engines, values read after an error may be wrong. */
export function recoverEngine(): void {
  (tf.backend() as { recover?(): boolean }).recover?.();
}
