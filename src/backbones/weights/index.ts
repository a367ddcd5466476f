export { convertWeights, type Converted } from './convert.js';
export { fetchWeights, type FetchWeightsOptions } from './fetch.js';
export { WEIGHTS_VARIABLE, weightsFolder } from './folder.js';
export { importWeights, type Imported, type ImportOptions } from './import.js';
export { listWeights, type ListedWeights } from './list.js';
export { defaultWeights, knownWeights, type KnownName, type PretrainedModel } from './registry.js';
export { resolveWeights, type ResolvedWeights, type WeightsSource } from './resolve.js';
export type { WeightsFacts } from './stored.js';
