import { ignoredBy } from '../../configuration/ignored.js';
import { unreadParameters } from '../../configuration/notes.js';
import { nearest, UsageError } from '../../errors.js';
import type { TrainingConfiguration } from '../../configuration/types.js';

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

const keyOf = (override: string): string => override.slice(0, override.indexOf('='));

/** Keys that a plan decides itself, with what to give in their place. */
const decided: Readonly<Record<string, string>> = {
  'run.output_directory_name': 'a plan keeps its runs in its folder: give --out FOLDER',
  output_directory_name: 'give --out FOLDER',
  name: 'give --name NAME',
};
/** What evaluations of a plan's networks are made of by the plan. */
const ofEvaluation = ['model_uri', 'embeddings'];

/**
 * Refuses settings that a plan would ignore: what it decides itself, and what no command of the part reads.
 *
 * @param overrides of the command, or of one part of the plan's file
 * @param part the part that the plan's file gives them to; undefined for the command
 * @param file the plan's file, for errors
 * @throws UsageError of one line
 */
export function refuseIgnoredSettings(overrides: readonly string[], part: PlanPart | undefined, file: string): void {
  for (const override of overrides) {
    const [first, ...others] = keyOf(override).split('.');
    const named = part ?? planParts.find((name) => name === first);
    const key = part === undefined && named !== undefined ? others.join('.') : keyOf(override);
    const place = part === undefined ? '' : ` in ${part} of ${file}`;
    const refuse = (why: string): UsageError => new UsageError(`invalid setting: ${override}${place}; ${why}`);
    if (Object.hasOwn(decided, key)) throw refuse(decided[key]);
    const meant = part === undefined && others.length > 0 ? nearest(first, planParts) : undefined;
    if (named === undefined && meant !== undefined)
      throw new UsageError(`unknown key: ${keyOf(override)}; did you mean ${meant}.${others.join('.')}?`);
    if (named === 'evaluation' && ofEvaluation.includes(key)) throw refuse('the plan evaluates its own networks');
    const reason = ignoredBy(named === 'evaluation' ? 'evaluate' : 'train', key);
    if (reason !== undefined)
      throw refuse(named === undefined && ignoredBy('evaluate', key) === undefined ? `write evaluation.${override}` : reason); // prettier-ignore
  }
}

/**
 * Refuses parameters of the loss that were given and that no training of theirs reads.
 *
 * @param given overrides of the command: those of a part are for its trainings, the others for all
 */
export function refuseUnread(
  given: readonly string[],
  trainings: readonly { readonly part: PlanPart; readonly configuration: TrainingConfiguration }[],
): void {
  for (const override of given) {
    const key = keyOf(override);
    const part = planParts.find((name) => key.startsWith(`${name}.`));
    const parameter = part === undefined ? key : key.slice(part.length + 1);
    const concerned = trainings.filter((training) => part === undefined || training.part === part);
    const leave = ({ configuration: { model } }: (typeof trainings)[number]): boolean =>
      (unreadParameters(model) as string[]).some((name) => `model.${name}` === parameter);
    if (concerned.length === 0 || !concerned.every(leave)) continue;
    const losses = [...new Set(concerned.map(({ configuration }) => configuration.model.loss_type))].join(', ');
    throw new UsageError(`invalid setting: ${override}; no loss here reads it: ${losses}`);
  }
}
