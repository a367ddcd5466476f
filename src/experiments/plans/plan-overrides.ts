import { UsageError } from '../../errors.js';

export const planParts = ['teachers', 'students', 'direct', 'evaluation'] as const;
export type PlanPart = (typeof planParts)[number];

/** Keys that training and evaluation must share: given for all trainings, they hold for the evaluation too. */
const shared = ['dataset.raw_data_directory_name', 'dataset.directed', 'use_gpu', 'engine'];

/**
 * Selects the overrides of one part of a plan from those given for the whole: `students.model.name=ViTS` is for the
 * students only, `seed=1` for all trainings. The evaluation takes its own, and those of the data's folder and the
 * engine.
 *
 * @throws UsageError for an override of a part that the plan lacks
 */
export function partOverrides(
  overrides: readonly string[],
  part: PlanPart,
  present: Readonly<Record<PlanPart, boolean>>,
): string[] {
  return overrides.flatMap((override) => {
    const owner = planParts.find((name) => override.startsWith(`${name}.`));
    if (owner !== undefined && !present[owner])
      throw new UsageError(
        `unknown part: ${owner} in ${override}; this plan has ${planParts.filter((name) => present[name]).join(', ')}`,
      );
    if (owner !== undefined) return owner === part ? [override.slice(part.length + 1)] : [];
    return part !== 'evaluation' || shared.includes(override.slice(0, override.indexOf('='))) ? [override] : [];
  });
}
