import type { NetworkConfiguration } from '../configuration/types.js';
import { ImageNetwork } from './image-network.js';
import { linearUnit } from './layers/units.js';
import { networkBuilder, type BackboneOptions } from './options.js';
import { transformer, type TransformerShape } from './transformer.js';

const PREFIX = 'model.';

const patches = { imageSize: 224, patch: 16, depth: 12 };

/** Vision transformers for pictures of 224 x 224, by their names in configurations. */
const shapes = {
  /** ViT-B/16, the paper's. */
  ViT: { ...patches, width: 768, heads: 12, hidden: 3072 },
  /** ViT-Ti/16, which is not in the paper: the same network with a quarter of the width. */
  ViTTi: { ...patches, width: 192, heads: 3, hidden: 768 },
} as const satisfies Record<string, TransformerShape>;

/** Makes `ViT`: timm's ViT-B/16, its class token after the last norm, a linear layer, rows of length 1. */
export const vit = (network: NetworkConfiguration, options: BackboneOptions): ImageNetwork =>
  make('ViT', network, options);

/** Makes `ViTTi`: the same as `ViT` with timm's ViT-Ti/16. */
export const vitTi = (network: NetworkConfiguration, options: BackboneOptions): ImageNetwork =>
  make('ViTTi', network, options);

function make(name: keyof typeof shapes, network: NetworkConfiguration, options: BackboneOptions): ImageNetwork {
  const shape = shapes[name];
  const { embedding_size: embeddingSize } = network;
  const { builder, newLayers, fixed } = networkBuilder(network, options);
  const { parameters, making } = builder;
  const head = linearUnit(parameters, newLayers, `${PREFIX}last_linear`, shape.width, embeddingSize);
  return new ImageNetwork({
    name,
    imageSize: shape.imageSize,
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
