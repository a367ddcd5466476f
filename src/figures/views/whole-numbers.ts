import { UsageError } from '../../errors.js';

/**
 * Checks options that count something, such as pictures or pixels.
 *
 * @throws UsageError naming the first that is no integer of at least `least`
 */
export function checkWholeNumbers(options: Readonly<Record<string, number>>, least = 1): void {
  for (const [name, value] of Object.entries(options))
    if (!(Number.isInteger(value) && value >= least))
      throw new UsageError(`invalid ${name}: ${value}; give an integer of at least ${least}`);
}
