import type { NetworkConfiguration } from '../configuration/types.js';
import { RandomStream } from '../random/stream.js';
import type { Backbone, NamedArrays } from './backbone.js';
import { makeBackbone } from './registry.js';

/** A bias that only the original (Keras) form of ResNet-50 has. */
const KERAS_ONLY = 'model.conv1.bias';

/** Whether parameters, by their names, are of ResNet-50 in Keras's form, which PyTorch's networks cannot take. */
export const isKerasForm = (names: readonly string[]): boolean => names.includes(KERAS_ONLY);

/**
 * A network whose parameters are to be loaded.
 *
 * @param names of these, which tell its form
 */
export function blankBackbone(network: NetworkConfiguration, names: readonly string[]): Backbone {
  const variant = isKerasForm(names) ? 'keras' : 'torch';
  return makeBackbone(network, { stream: new RandomStream(0, 'unused'), variant, blank: true });
}

/**
 * A trained network: that of a model URI, with the parameters of a checkpoint.
 *
 * @param place the checkpoint's file, for errors
 * @throws UsageError where they do not fit
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
