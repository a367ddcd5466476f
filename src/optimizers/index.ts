export type { Optimizer, Parameter } from './optimizer.js';
export { adam, adamw, type AdamOptions } from './adam.js';
export { optimizers, type OptimizerFactory } from './registry.js';
export { register, type OwnOptimizer } from './own-optimizer.js';
