import type { ModelConfiguration } from '../../configuration/types.js';
import { tensorLoss, type EmbeddingLoss } from '../index.js';
import type { RandomStream } from '../../random/stream.js';
import type { Engine } from '../../engine/types.js';
import { supportsHostKernels } from '../../engine/host-kernels.js';
import { FusedLoss, hasFusedLoss } from './fused-loss.js';

export { FusedLoss, hasFusedLoss } from './fused-loss.js';

/**
 * Makes the loss of a model's configuration at the embeddings of a batch: with the fused kernels on the processor, or
 * else with tensor operations on the active engine.
 *
 * @param directed whether labelled triplets are directed
 * @param stream what the loss draws from, if it draws; both forms draw the same
 * @throws UsageError for an unknown `loss_type`
 */
export function makeEmbeddingLoss(
  model: ModelConfiguration,
  directed: boolean,
  engine: Engine,
  stream: RandomStream,
): EmbeddingLoss {
  const parameters = { ...model };
  return supportsHostKernels(engine) && hasFusedLoss(model.loss_type)
    ? new FusedLoss(model.loss_type, parameters, stream)
    : tensorLoss(model.loss_type, parameters, directed, stream);
}
