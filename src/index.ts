// The public surface: what notebooks and other programs import, a namespace for each part.
export * as backbones from './backbones/index.js';
export * as configuration from './configuration/index.js';
export * as datasets from './datasets/index.js';
export * as engine from './engine/index.js';
export * as evaluation from './evaluation/index.js';
export * as figures from './figures/index.js';
export * as formats from './formats/index.js';
export * as losses from './losses/index.js';
export * as metrics from './metrics/index.js';
export * as optimizers from './optimizers/index.js';
export * as random from './random/index.js';
export * as samplers from './samplers/index.js';
export * as training from './training/index.js';
export * as verification from './verification/index.js';
export { UsageError } from './errors.js';
export { packageRoot } from './paths.js';
