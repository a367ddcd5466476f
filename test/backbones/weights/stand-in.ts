import * as tf from '../../../src/tf.js';
import { makeBackbone, type Backbone } from '../../../src/backbones/index.js';
import { defaultWeights, type PretrainedModel } from '../../../src/backbones/weights/registry.js';
import { storeWeights } from '../../../src/backbones/weights/stored.js';
import { fromTorchNames } from '../../../src/backbones/weights/torch-names.js';
import type { NdArray } from '../../../src/formats/nd-array.js';
import { RandomStream } from '../../../src/random/stream.js';

/**
 * Keeps random weights of a network's full size under the name of those that it starts from by default.
 *
 * @returns them, under the network's own names
 */
export function storeStandIn(model: PretrainedModel, folder: string): Readonly<Record<string, NdArray>> {
  const network = { name: model, embedding_size: 1, frozen_variables: 'bn' } as const;
  const backbone = makeBackbone(network, { stream: new RandomStream(0, 'stand-in', model) });
  if (model === 'Inception') enlarge(backbone);
  const { tensors } = fromTorchNames(new Map(Object.entries(backbone.stateDict())), model, model);
  backbone.dispose();
  const name = defaultWeights[model];
  const facts = { name, model, variant: 'torch', origin: 'random', licence: 'none' } as const;
  storeWeights(tensors, { ...facts, source: 'none', source_sha256: '0' }, folder);
  return tensors;
}

/** PyTorch's start lets pictures fade through the layers until only biases are left of them; Kaiming's does not. */
function enlarge(backbone: Backbone): void {
  for (const { name, variable } of backbone.parameters)
    tf.tidy(() => {
      if (variable.rank === 4) variable.assign(tf.mul(variable, Math.sqrt(6)));
      else if (name.endsWith('.bias')) variable.assign(tf.zerosLike(variable));
    });
}
