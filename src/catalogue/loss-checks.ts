import { unknown, UsageError } from '../errors.js';
import { lossParameters, type LossParameter } from './loss-parameters.js';
import { lossDeclaration, parametersOf, type LossParameters, type LossType } from './losses.js';

/** Holds parameters under the keys of a configuration; other keys are ignored. */
export type ParameterValues = { readonly [Key in LossParameter]?: unknown };

/** Returns the parameters that a loss needs, given the values of the others. */
export function neededParameters(loss: LossType, values: ParameterValues): LossParameter[] {
  const { parameters } = lossDeclaration(loss);
  return parametersOf(loss).filter((key) => {
    const { required } = parameters[key]!;
    if (typeof required === 'boolean') return required;
    return parametersOf(loss).some((other) => required[other]?.some((value) => value === values[other]));
  });
}

/** Returns the first parameter whose value this loss does not take, though others might, and why; undefined if none. */
export function refusedParameter(
  loss: LossType,
  values: ParameterValues,
): { readonly key: LossParameter; readonly reason: string } | undefined {
  const { parameters } = lossDeclaration(loss);
  for (const key of parametersOf(loss)) {
    const { above, values: taken, reason = '' } = parameters[key]!;
    const value = values[key];
    if (value === undefined) continue;
    if (above !== undefined && !((value as number) > above)) return { key, reason };
    if (taken !== undefined && !taken.includes(value as string)) return { key, reason };
  }
  return undefined;
}

/** @throws UsageError for a value that no loss takes under this key */
function checkValue(key: LossParameter, value: unknown): void {
  const issue = lossParameters[key].safeParse(value).error?.issues[0];
  if (issue === undefined) return;
  if (issue.code === 'invalid_value') throw unknown(key, String(value), issue.values.map(String));
  throw new UsageError(`invalid ${key}: ${String(value)}; ${issue.message}`);
}

/**
 * Checks that a loss can be made from parameters.
 *
 * @throws UsageError for one that is missing, of another type, or with a value that this loss does not take
 */
export function assertParameters<Loss extends LossType>(
  loss: Loss,
  values: ParameterValues,
): asserts values is ParameterValues & LossParameters<Loss> {
  const needed = neededParameters(loss, values);
  for (const key of parametersOf(loss)) {
    if (values[key] === undefined && needed.includes(key))
      throw new UsageError(`missing ${key}; loss_type ${loss} needs it`);
    checkValue(key, values[key]);
  }
  const refused = refusedParameter(loss, values);
  if (refused !== undefined)
    throw new UsageError(`invalid ${refused.key}: ${String(values[refused.key])}; ${refused.reason}`);
}
