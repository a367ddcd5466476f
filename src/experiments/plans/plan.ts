import { readFileSync } from 'node:fs';
import { resolveConfiguration, loadConfiguration } from '../../configuration/load.js';
import { locateConfiguration } from '../../configuration/locate.js';
import { isTraining, type Configuration, type TrainingConfiguration } from '../../configuration/types.js';
import { parseYaml } from '../../configuration/yaml.js';
import { UsageError } from '../../errors.js';
import { planOfDraw } from './data-seeds.js';
import { parsePlan, type PlanFile, type PlanNaming, type PlanPartFile } from './plan-file.js';
import { partOverrides, planParts, refuseIgnoredSettings, refuseUnread, type PlanPart } from './plan-overrides.js';
import { SettingPlaces } from './setting-places.js';

export interface PlannedTraining {
  readonly name: string;
  readonly overrides: readonly string[];
  readonly configuration: TrainingConfiguration;
  /** Where its settings were written, for messages. */
  readonly places: SettingPlaces;
}

/** The method's route on one split of one data set, with all configurations resolved and checked. */
export interface Plan {
  readonly name: string;
  /** The plan's folder, relative to the working folder of its execution. */
  readonly folder: string;
  readonly notes: readonly string[];
  readonly teachers: PlannedTraining | undefined;
  readonly sourceEmbeddingsId: string | undefined;
  readonly students: readonly PlannedTraining[];
  readonly direct: readonly PlannedTraining[];
  readonly evaluation: Configuration | undefined;
  readonly evaluateStart: boolean;
  readonly evaluateFeatures: boolean;
  /** The plan of each draw of the data, the first of which equals this plan's own parts; empty without draws. */
  readonly draws: readonly Plan[];
}

/**
 * Reads a plan, a YAML file, and resolves all that it names.
 *
 * Runs go to `FOLDER/runs`, the teachers' embeddings to `FOLDER/embeddings`, whatever the configurations say.
 *
 * @param overrides further `key=value` for all trainings, or `students.key=value` for a part of the plan
 * @throws UsageError of one line for the first thing that is wrong, before any work
 */
export function loadPlan(file: string, overrides: readonly string[] = [], naming: PlanNaming = {}): Plan {
  const path = locateConfiguration(file, 'plan');
  return resolvePlan(parseYaml(readFileSync(path, 'utf8'), file), overrides, file, naming);
}

/** Resolves a plan that was read already, as `loadPlan` does. */
export function resolvePlan(
  value: unknown,
  overrides: readonly string[] = [],
  place = 'the plan',
  naming: PlanNaming = {},
): Plan {
  const plan = parsePlan(value, place, naming);
  const folder = plan.output_directory_name ?? `modeling/${plan.name}`;
  if (plan.data_seeds.length > 0) {
    if (new Set(plan.data_seeds).size < plan.data_seeds.length)
      throw new UsageError(`invalid plan: data_seeds of ${place} names one twice; give each once`);
    const draws = plan.data_seeds.map((seed) => resolvePlan(planOfDraw(plan, seed), overrides, place));
    return { ...draws[0], folder, draws };
  }
  if (plan.teachers !== undefined && plan.source_embeddings_id === undefined)
    throw new UsageError(`missing source_embeddings_id in ${place}; students find the teachers' embeddings by it`);
  const load = partLoader(plan, overrides, place);
  const runs = [`run.output_directory_name=${JSON.stringify(`${folder}/runs`)}`];
  const fromTeachers =
    plan.source_embeddings_id === undefined
      ? []
      : [
          'dataset.different_splits=false',
          `dataset.data_directory_name=${JSON.stringify(`${folder}/embeddings`)}`,
          `dataset.source_embeddings_id=${JSON.stringify(plan.source_embeddings_id)}`,
        ];
  const training =
    (name: PlanPart, own: readonly string[] = []) =>
    (given: PlanPartFile) =>
      plannedTraining(given, load(name, given, own, runs));
  const resolved: Plan = {
    name: plan.name,
    folder,
    notes: plan.notes,
    teachers: plan.teachers && training('teachers')(plan.teachers),
    sourceEmbeddingsId: plan.source_embeddings_id,
    students: plan.students.map(training('students', fromTeachers)),
    direct: plan.direct.map(training('direct')),
    evaluation: plan.evaluation && load('evaluation', plan.evaluation).configuration,
    evaluateStart: plan.evaluate_start,
    evaluateFeatures: plan.evaluate_features,
    draws: [],
  };
  const { teachers, students, direct } = resolved;
  refuseSharedIds([...(teachers ? [teachers] : []), ...students, ...direct], place);
  const ofPart = (part: PlanPart, all: readonly PlannedTraining[]) => all.map((one) => ({ part, ...one }));
  refuseUnread(overrides, [
    ...ofPart('teachers', teachers ? [teachers] : []),
    ...ofPart('students', students),
    ...ofPart('direct', direct),
  ]);
  return resolved;
}

/** A configuration of a part of a plan, and where its settings were written. */
interface LoadedPart {
  readonly configuration: Configuration;
  readonly places: SettingPlaces;
}

/** Returns what loads the configuration of a part of a plan, under the overrides of its file and of the command. */
function partLoader(plan: PlanFile, overrides: readonly string[], place: string) {
  const parts = planParts.flatMap((name) => [plan[name] ?? []].flat().map((part) => ({ name, part })));
  const has = (name: PlanPart): boolean => parts.some((one) => one.name === name);
  const present = Object.fromEntries(planParts.map((name) => [name, has(name)])) as Record<PlanPart, boolean>;
  refuseIgnoredSettings(overrides, undefined, place);
  for (const { name, part } of parts) refuseIgnoredSettings(part.overrides, name, place);
  const given = (name: PlanPart): string[] => partOverrides(overrides, name, present);
  return (
    name: PlanPart,
    { configuration, overrides: own }: PlanPartFile,
    before: readonly string[] = [],
    after: readonly string[] = [],
  ): LoadedPart => {
    const further = given(name);
    const written = overrides.filter((one) => further.includes(one) || further.includes(one.slice(name.length + 1)));
    const places = new SettingPlaces({ part: name, configuration, plan: { file: place, overrides: own }, given: written }); // prettier-ignore
    const all = [...before, ...own, ...further, ...after];
    return { configuration: places.explain(() => loadConfiguration(configuration, all)), places };
  };
}

function plannedTraining(given: PlanPartFile, { configuration, places }: LoadedPart): PlannedTraining {
  if (!isTraining(configuration))
    throw new UsageError(`invalid plan: ${given.configuration} only evaluates; give one that trains`);
  const name = given.name ?? given.configuration.replace(/^.*\//, '').replace(/\.ya?ml$/, '');
  return {
    name,
    overrides: given.overrides,
    configuration: resolveConfiguration(configuration) as TrainingConfiguration,
    places,
  };
}

function refuseSharedIds(trainings: readonly PlannedTraining[], place: string): void {
  const owners = new Map<number, string>();
  for (const { name, configuration } of trainings)
    for (let i = 0; i < configuration.num_repetitions; i++) {
      const id = configuration.run.id + i * configuration.offset_for_repetition;
      const owner = owners.get(id);
      if (owner !== undefined)
        throw new UsageError(
          `invalid plan: run ${id} in ${place} belongs to ${owner} and to ${name}; give one of them another run.id`,
        );
      owners.set(id, name);
    }
}
