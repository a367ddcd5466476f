import { unknown } from '../errors.js';
import type { ImageNetworkName } from '../catalogue/models.js';
import { open } from '../catalogue/open.js';
import type { NetworkConfiguration } from '../configuration/types.js';
import type { Backbone } from './backbone.js';
import { inception } from './inception.js';
import type { BackboneOptions } from './options.js';
import { resNet50 } from './resnet50.js';
import { smallResNet } from './small-resnet.js';
import { smallVit } from './small-vit.js';
import { vit, vitTi } from './vit.js';
import { vits } from './vits.js';

/** Makes a network with random parameters. */
export type BackboneFactory = (network: NetworkConfiguration, options: BackboneOptions) => Backbone;

/** Every image network by its name in the configurations; `register` adds those of one's own. */
export const backbones: Readonly<Record<ImageNetworkName, BackboneFactory>> = open({
  ResNet50: resNet50,
  Inception: inception,
  ViT: vit,
  ViTS: vits,
  ViTTi: vitTi,
  SmallResNet: smallResNet,
  SmallViT: smallVit,
});

/**
 * Makes the image network of a configuration, with random parameters.
 *
 * @throws UsageError where the name is not that of an image network
 */
export function makeBackbone(network: NetworkConfiguration, options: BackboneOptions): Backbone {
  const make = (backbones as Record<string, BackboneFactory | undefined>)[network.name];
  if (make === undefined) throw unknown('image network', network.name, Object.keys(backbones));
  return make(network, options);
}
