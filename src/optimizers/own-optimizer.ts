import { optimizers as declarations } from '../catalogue/optimizers.js';
import { registerPart } from '../catalogue/own-parts.js';
import { refuseUnknown, UsageError } from '../errors.js';
import { optimizers, type OptimizerFactory } from './registry.js';

/** Describes an optimizer of one's own. */
export interface OwnOptimizer {
  /** Its `optimizer_type`. */
  readonly name: string;
  /** Makes it; what resuming needs stands in its `tensors` and `steps`. */
  readonly make: OptimizerFactory;
}

/**
 * Registers an optimizer of one's own, which configurations then name as `optimization.optimizer_type`.
 *
 * @throws UsageError for a name that a built-in optimizer has
 */
export function register(own: OwnOptimizer): void {
  const { name, make } = own;
  refuseUnknown(own, ['name', 'make'], `member of optimizer ${name}`);
  if (typeof make !== 'function') throw new UsageError(`invalid optimizer ${name}: its member make is no function`);
  registerPart('optimizer', name, make, [
    [declarations, { description: 'Your own.', paper: 'your own' }],
    [optimizers, make],
  ]);
}
