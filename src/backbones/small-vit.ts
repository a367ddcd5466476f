import type { NetworkConfiguration } from '../configuration/types.js';
import { ImageNetwork } from './image-network.js';
import { linearUnit } from './layers/units.js';
import { networkBuilder, type BackboneOptions } from './options.js';
import { transformer, type TransformerShape } from './transformer.js';

const PREFIX = 'model.';

/** The position table is for 64 x 64 pixels, and is interpolated for other sizes. */
const shape: TransformerShape = { imageSize: 64, patch: 8, width: 64, depth: 4, heads: 4, hidden: 128 };

/**
 * Makes `SmallViT`: a vision transformer of four blocks, 64 wide, for pictures of about 32 to 64 pixels, any multiple
 * of 8; a linear layer, rows of length 1. It trains from scratch in minutes without a GPU.
 */
export function smallVit(network: NetworkConfiguration, options: BackboneOptions): ImageNetwork {
  const { embedding_size: embeddingSize } = network;
  const { builder, newLayers, fixed } = networkBuilder(network, options);
  const { parameters, making } = builder;
  const head = linearUnit(parameters, newLayers, `${PREFIX}last_linear`, shape.width, embeddingSize);
  return new ImageNetwork({
    name: 'SmallViT',
    imageSize: null,
    multiple: shape.patch,
    embeddingSize,
    featureSize: shape.width,
    parameters,
    usesBatchStatistics: false,
    prefix: PREFIX,
    newLayers: [`${PREFIX}last_linear.`],
    fixedBody: fixed,
    body: transformer(parameters, making, PREFIX, shape),
    head,
  });
}
