import type { NetworkConfiguration } from '../configuration/types.js';
import { ImageNetwork } from './image-network.js';
import { orthogonal, zero } from './initial-values.js';
import { layerNorm } from './layers/layer-norm.js';
import { linearUnit } from './layers/units.js';
import { networkBuilder, type BackboneOptions } from './options.js';
import { transformer, type TransformerShape } from './transformer.js';

const PREFIX = 'model.body.';
const HEAD = 'model.last_layer.1';
const EPSILON = 1e-5;

/** ViT-S/16 for pictures of 224 x 224. */
const shape: TransformerShape = { imageSize: 224, patch: 16, width: 384, depth: 12, heads: 6, hidden: 1536 };

/**
 * Makes `ViTS`: timm's ViT-S/16 with a patch embedding that is not trained; class token, LayerNorm without scale and
 * shift, a linear layer whose matrix starts orthogonal and whose bias starts at 0, rows of length 1. `frozen_variables`
 * is not read.
 */
export function vits(network: NetworkConfiguration, options: BackboneOptions): ImageNetwork {
  const { embedding_size: embeddingSize } = network;
  const { builder, newLayers } = networkBuilder({ ...network, frozen_variables: null }, options);
  const { parameters, making } = builder;
  const start = orthogonal(shape.width, embeddingSize);
  const last = linearUnit(parameters, newLayers, HEAD, shape.width, embeddingSize, start, zero);
  return new ImageNetwork({
    name: 'ViTS',
    imageSize: shape.imageSize,
    embeddingSize,
    featureSize: shape.width,
    parameters,
    usesBatchStatistics: false,
    prefix: PREFIX,
    newLayers: [`${HEAD}.`],
    fixedBody: false,
    body: transformer(parameters, making, PREFIX, shape, { ...making, trainable: false }),
    head: (x) => last(layerNorm(x, EPSILON)),
  });
}
