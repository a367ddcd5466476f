import type { NetworkConfiguration } from '../configuration/types.js';
import type { RandomStream } from '../random/stream.js';
import { Parameters, type ParameterOptions } from './parameters.js';
import type { NetworkBuilder } from './layers/units.js';

/** Says how a backbone's parameters start. */
export interface BackboneOptions {
  /** Initial values are drawn from it: first those of the new layers, then the others. */
  readonly stream: RandomStream;
  /** For ResNet50: `keras` is the first published form, which the Keras weights fit (default `torch`). */
  readonly variant?: Variant;
  /** Whether all but the new layers start with zeros, since weights are loaded right after (default false). */
  readonly blank?: boolean;
}

export type Variant = 'torch' | 'keras';

/** Returns what every image network starts from: the builder of its backbone, and the options of its new layers. */
export function networkBuilder(
  { frozen_variables: frozen }: NetworkConfiguration,
  { stream, blank = false }: BackboneOptions,
): { builder: NetworkBuilder; newLayers: ParameterOptions; fixed: boolean } {
  const fixed = frozen === 'all';
  const making = { stream, trainable: !fixed, draw: !blank };
  return {
    builder: { parameters: new Parameters(), making, frozenNorm: fixed || frozen === 'bn' },
    newLayers: { stream, trainable: true, draw: true },
    fixed,
  };
}
