import type { OptimizerType } from '../catalogue/optimizers.js';
import { adam, adamw, type AdamOptions } from './adam.js';
import type { Optimizer, Parameter } from './optimizer.js';

export type { Optimizer, Parameter } from './optimizer.js';
export type { AdamOptions } from './adam.js';
export { adam, adamw };

/** Makes an optimizer of some parameters. */
export type OptimizerFactory = (parameters: readonly Parameter[], options: AdamOptions) => Optimizer;

/** The optimizers by their `optimizer_type`. */
export const optimizers = { adam, adamw } satisfies Record<OptimizerType, OptimizerFactory>;
