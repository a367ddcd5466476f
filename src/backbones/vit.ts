import type { NetworkConfiguration } from '../configuration/types.js';
import { ImageNetwork } from './image-network.js';
import { linearUnit } from './layers/units.js';
import { plans, type BackboneOptions } from './options.js';
import { transformer, type TransformerShape } from './transformer.js';

const PREFIX = 'model.';

/** ViT-B/16 for pictures of 224 x 224. */
const shape: TransformerShape = { imageSize: 224, patch: 16, width: 768, depth: 12, heads: 12, hidden: 3072 };

/** `ViT`: timm's ViT-B/16, class token after the last norm, a linear layer to `embedding_size`, rows of length 1. */
export function vit(network: NetworkConfiguration, options: BackboneOptions): ImageNetwork {
  const { embedding_size: embeddingSize } = network;
  const { plan, newLayers, fixed } = plans(network, options);
  const { parameters, making } = plan;
  const head = linearUnit(parameters, newLayers, `${PREFIX}last_linear`, shape.width, embeddingSize);
  return new ImageNetwork({
    name: 'ViT',
    imageSize: shape.imageSize,
    embeddingSize,
    featureSize: shape.width,
    parameters,
    couplesRows: false,
    prefix: PREFIX,
    newLayers: [`${PREFIX}last_linear.`],
    fixedBody: fixed,
    body: transformer(parameters, making, PREFIX, shape),
    head,
  });
}
