import { unknown } from '../errors.js';

/**
 * Refuses options that a function does not know, so that none is ignored.
 *
 * @throws UsageError `unknown option of train: los; did you mean loss?`
 */
export function refuseUnknown(options: object, known: readonly string[], of: string): void {
  for (const name of Object.keys(options)) if (!known.includes(name)) throw unknown(`option of ${of}`, name, known);
}
