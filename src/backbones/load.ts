import type { NetworkConfiguration } from '../configuration/types.js';
import { RandomStream } from '../random/stream.js';
import type { Backbone, NamedArrays } from './backbone.js';
import { makeBackbone } from './registry.js';

/** The name of a bias that only the first published (Keras) form of ResNet-50 has. */
const KERAS_ONLY = 'model.conv1.bias';

/** Tells by their names whether parameters are of ResNet-50 in Keras's form, which PyTorch's networks cannot load. */
export const isKerasForm = (names: readonly string[]): boolean => names.includes(KERAS_ONLY);

/**
 * Makes a network whose parameters are to be loaded.
 *
 * @param names the parameters' names, which tell the network's form
 */
export function blankBackbone(network: NetworkConfiguration, names: readonly string[]): Backbone {
  const variant = isKerasForm(names) ? 'keras' : 'torch';
  return makeBackbone(network, { stream: new RandomStream(0, 'unused'), variant, blank: true });
}

/**
 * Makes a trained network: that of a model URI, with the parameters of a checkpoint.
 *
 * @param place the checkpoint's file, for errors
 * @throws UsageError where the parameters do not fit
 */
export function loadBackbone(network: NetworkConfiguration, parameters: NamedArrays, place: string): Backbone {
  const frozen = { ...network, frozen_variables: 'bn' as const }; // it will not be trained
  const backbone = blankBackbone(frozen, Object.keys(parameters));
  try {
    backbone.loadStateDict(parameters, place);
    return backbone;
  } catch (error) {
    backbone.dispose();
    throw error;
  }
}
