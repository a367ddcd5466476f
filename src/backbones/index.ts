export { embedRows, initialTable } from '../teachers/psycho-table.js';
export { psycho } from '../teachers/psycho.js';
export type { Backbone, Embedder, NamedArrays, Parameter } from './backbone.js';
export { torchShape, toTorch, fromTorch, type Layout } from './layouts.js';
export type { BackboneOptions, Variant } from './options.js';
export { backbones, makeBackbone } from './registry.js';
export { register, type LayerVariables, type OwnBackbone } from './own-backbone.js';
export { loadBackbone } from './load.js';
export { startBackbone, type StartOptions } from './start.js';
