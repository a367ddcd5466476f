import type { NetworkConfiguration } from '../configuration/types.js';
import type { RandomStream } from '../random/stream.js';
import type { Backbone } from './backbone.js';
import { makeBackbone } from './registry.js';
import type { ResolvedWeights, WeightsSource } from './weights/resolve.js';

export interface StartOptions {
  /** Draws the initial values of the new layers, and of all others if no weights are loaded. */
  readonly stream: RandomStream;
  /** Where fetched and imported weights are (default: `$TRIPLETLAB_WEIGHTS`, else `~/.cache/tripletlab/weights`). */
  readonly weightsFolder?: string;
  /** The weights, if they have been resolved already. */
  readonly weights?: ResolvedWeights | undefined;
  log?(line: string): void;
  /** Is called with what was loaded, for a run's record. */
  onWeights?(source: WeightsSource): void;
}

/**
 * Makes the image network of a configuration with the weights that it starts from: those of `model.weights`, by default
 * the ImageNet weights that the original starts from, and none for the small networks.
 *
 * @throws UsageError where the weights are not on this machine or do not fit
 */
export async function startBackbone(network: NetworkConfiguration, options: StartOptions): Promise<Backbone> {
  const { stream, weightsFolder, log } = options;
  const { resolveWeights } = await import('./weights/resolve.js');
  const weights = options.weights ?? resolveWeights(network, weightsFolder);
  if (weights === undefined) {
    log?.(`${network.name} starts from random weights`);
    return makeBackbone(network, { stream });
  }
  const { tensors, variant, place, source } = weights;
  const backbone = makeBackbone(network, { stream, variant, blank: true });
  try {
    backbone.loadPretrained(tensors, place);
  } catch (error) {
    backbone.dispose();
    throw error;
  }
  options.onWeights?.(source);
  const { name, origin, sha256 } = source;
  log?.(`${network.name} starts from ${name} (${origin}; sha256 ${sha256.slice(0, 12)}): ${place}`);
  return backbone;
}
