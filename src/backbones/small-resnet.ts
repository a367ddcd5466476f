import type { NetworkConfiguration } from '../configuration/types.js';
import { ImageNetwork } from './image-network.js';
import { linearUnit } from './layers/units.js';
import { networkBuilder, type BackboneOptions } from './options.js';
import { resNet, resNetFeatures, type ResNetShape } from './resnet.js';

const PREFIX = 'model.';

const shape: ResNetShape = {
  stem: { size: 3, stride: 2, width: 16, pool: false },
  stages: [
    { blocks: 2, width: 16 },
    { blocks: 2, width: 32 },
    { blocks: 2, width: 64 },
  ],
  block: 'basic',
};

/**
 * Makes `SmallResNet`: three stages of two basic blocks, 16 to 64 wide, for pictures of about 32 to 64 pixels; a linear
 * layer, rows of length 1. It trains from scratch in minutes without a GPU.
 */
export function smallResNet(network: NetworkConfiguration, options: BackboneOptions): ImageNetwork {
  const { embedding_size: embeddingSize } = network;
  const { builder, newLayers, fixed } = networkBuilder(network, options);
  const head = linearUnit(builder.parameters, newLayers, `${PREFIX}last_linear`, resNetFeatures(shape), embeddingSize);
  const body = resNet(builder, PREFIX, shape);
  return new ImageNetwork({
    name: 'SmallResNet',
    imageSize: null,
    embeddingSize,
    featureSize: resNetFeatures(shape),
    parameters: builder.parameters,
    usesBatchStatistics: !builder.frozenNorm,
    prefix: PREFIX,
    newLayers: [`${PREFIX}last_linear.`],
    fixedBody: fixed,
    body,
    head,
  });
}
