import { open } from '../catalogue/open.js';
import type { OptimizerType } from '../catalogue/optimizers.js';
import { adam, adamw, type AdamOptions } from './adam.js';
import type { Optimizer, Parameter } from './optimizer.js';

/** Makes an optimizer of some parameters. */
export type OptimizerFactory = (parameters: readonly Parameter[], options: AdamOptions) => Optimizer;

/** The optimizers by their `optimizer_type`; `register` adds those of one's own. */
export const optimizers: Readonly<Record<OptimizerType, OptimizerFactory>> = open({ adam, adamw });
