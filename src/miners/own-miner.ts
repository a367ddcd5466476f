import { miners as declarations } from '../catalogue/miners.js';
import { registerPart } from '../catalogue/own-parts.js';
import { refuseUnknown, UsageError } from '../errors.js';
import { miners, type Miner } from './registry.js';

/** Describes a miner of one's own. */
export interface OwnMiner {
  /** Its name in `batch_mining`. */
  readonly name: string;
  readonly mine: Miner;
}

/**
 * Registers a miner of one's own, which configurations then name as `model.batch_mining`.
 *
 * @throws UsageError for a name that a built-in miner has
 */
export function register(own: OwnMiner): void {
  const { name, mine } = own;
  refuseUnknown(own, ['name', 'mine'], `member of miner ${name}`);
  if (typeof mine !== 'function') throw new UsageError(`invalid miner ${name}: its member mine is no function`);
  const checked: Miner = (student, teacher, n, random) => {
    const triplets: unknown = mine(student, teacher, n, random);
    if (triplets instanceof Int32Array && triplets.length % 3 === 0 && triplets.every((row) => row >= 0 && row < n))
      return triplets;
    throw new UsageError(`miner ${name} returned no Int32Array of triplets of rows from 0 to ${n - 1}; return [m, 3]`);
  };
  registerPart('miner', name, mine, [
    [declarations, { description: 'Your own.', paper: 'your own' }],
    [miners, checked],
  ]);
}
