import { adam, adamw } from './adam.js';

export type { Optimizer, Parameter } from './optimizer.js';
export type { AdamOptions } from './adam.js';
export { adam, adamw };

/** The optimizers by their `optimizer_type`. */
export const optimizers = { adam, adamw };
