import { assertParameters, type ParameterValues } from '../catalogue/loss-checks.js';
import type { LossParameters, LossType } from '../catalogue/losses.js';
import { isNameOf } from '../catalogue/names.js';
import { unknown } from '../errors.js';

/** Holds the functions that make losses from their parameters, by `loss_type`; each takes a second argument. */
export type Registry<Names extends LossType, Besides, Loss> = {
  readonly [Name in Names]: (parameters: LossParameters<Name>, besides: Besides) => Loss;
};

/**
 * Makes the loss of a `loss_type`.
 *
 * @param parameters under the keys of a configuration; other keys are ignored
 * @throws UsageError for a name that is not registered, or parameters that the loss does not take
 */
export function makeLoss<Names extends LossType, Besides, Loss>(
  registry: Registry<Names, Besides, Loss>,
  name: string,
  parameters: ParameterValues,
  besides: Besides,
): Loss {
  if (!isNameOf<Names>(registry, name)) throw unknown('loss_type', name, Object.keys(registry));
  return make(name);

  function make<Name extends Names>(loss: Name): Loss {
    assertParameters(loss, parameters);
    return registry[loss](parameters, besides);
  }
}
