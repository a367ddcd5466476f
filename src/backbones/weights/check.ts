import { RandomStream } from '../../random/stream.js';
import { makeBackbone } from '../registry.js';
import type { Converted } from './convert.js';
import type { PretrainedModel } from './registry.js';

/**
 * Compares weights with the network that they are for, tensor by tensor.
 *
 * @param place the file, for errors
 * @throws UsageError that lists every missing, surplus and wrongly shaped tensor
 */
export function checkFit({ tensors, variant }: Converted, model: PretrainedModel, place: string): void {
  const options = { stream: new RandomStream(0, 'unused'), variant, blank: true };
  const backbone = makeBackbone({ name: model, embedding_size: 1 }, options);
  try {
    backbone.loadPretrained(tensors, place);
  } finally {
    backbone.dispose();
  }
}
