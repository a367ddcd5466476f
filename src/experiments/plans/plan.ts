import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { resolveConfiguration, loadConfiguration } from '../../configuration/load.js';
import { locateConfiguration } from '../../configuration/locate.js';
import { isTraining, type Configuration, type TrainingConfiguration } from '../../configuration/types.js';
import { parseYaml } from '../../configuration/yaml.js';
import { UsageError } from '../../errors.js';
import { planOfDraw } from './data-seeds.js';
import { partOverrides, type PlanPart } from './plan-overrides.js';

const text = z.string().min(1);
const override = z.string().regex(/^[\w.]+=/, 'must be key=value');
const part = z.strictObject({
  /** Path of a configuration, as `tripletlab train` takes it. */
  configuration: text,
  overrides: z.array(override).default([]),
  /** Its name in the results; default: the name of the configuration's file. */
  name: text.optional(),
});
/** Several configurations that share their overrides. */
const group = z.strictObject({ configurations: z.array(text).min(1), overrides: z.array(override).default([]) });
const parts = z
  .array(z.union([part, group]))
  .default([])
  .transform((all) =>
    all.flatMap((one): z.infer<typeof part>[] =>
      'configurations' in one
        ? one.configurations.map((configuration) => ({ configuration, overrides: one.overrides }))
        : [one],
    ),
  );

const schema = z.strictObject({
  name: z.string().regex(/^[\w.~-]+$/, 'must be a word'),
  /** The folder of runs, embeddings and results; default `modeling/NAME`. */
  output_directory_name: text.optional(),
  /** Differences from the original's settings, and other notes that belong to the numbers. */
  notes: z.array(text).default([]),
  teachers: part.optional(),
  /** All students learn from the embeddings of all teachers, saved as `embeddings_<id>.npz`. */
  source_embeddings_id: text.optional(),
  students: parts,
  /** Networks that learn without teachers: on labelled triplets or on classes. */
  direct: parts,
  evaluation: part.optional(),
  /** Evaluate each network also before its training (default false). */
  evaluate_start: z.boolean().default(false),
  /** Evaluate also the features of the pretrained networks, before any new layer (default false). */
  evaluate_features: z.boolean().default(false),
  /** Repeat the whole route on synthetic data of each of these seeds (default: the data as configured). */
  data_seeds: z.array(z.int().min(0)).default([]),
});

export interface PlannedTraining {
  readonly name: string;
  readonly overrides: readonly string[];
  readonly configuration: TrainingConfiguration;
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
export function loadPlan(file: string, overrides: readonly string[] = []): Plan {
  const path = locateConfiguration(file);
  return resolvePlan(parseYaml(readFileSync(path, 'utf8'), file), overrides, file);
}

/** Resolves a plan that was read already, as `loadPlan` does. */
export function resolvePlan(value: unknown, overrides: readonly string[] = [], place = 'the plan'): Plan {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`invalid plan: ${issue.path.join('.') || 'all'} in ${place}: ${issue.message}`);
  }
  const plan = parsed.data;
  if (plan.data_seeds.length > 0) {
    if (new Set(plan.data_seeds).size < plan.data_seeds.length)
      throw new UsageError(`invalid plan: data_seeds of ${place} names one twice; give each once`);
    const draws = plan.data_seeds.map((seed) => resolvePlan(planOfDraw(plan, seed), overrides, place));
    return { ...draws[0], folder: plan.output_directory_name ?? `modeling/${plan.name}`, draws };
  }
  const folder = plan.output_directory_name ?? `modeling/${plan.name}`;
  const embeddings = `${folder}/embeddings`;
  const present = {
    teachers: plan.teachers !== undefined,
    students: plan.students.length > 0,
    direct: plan.direct.length > 0,
    evaluation: plan.evaluation !== undefined,
  };
  const further = (name: PlanPart): string[] => partOverrides(overrides, name, present);
  const training = (name: PlanPart, own: readonly string[]) => (given: z.infer<typeof part>) =>
    resolveTraining(given, [...own, ...given.overrides, ...further(name), `run.output_directory_name=${folder}/runs`]);
  const fromTeachers =
    plan.source_embeddings_id === undefined
      ? []
      : [
          'dataset.different_splits=false',
          `dataset.data_directory_name=${embeddings}`,
          `dataset.source_embeddings_id=${JSON.stringify(plan.source_embeddings_id)}`,
        ];
  if (plan.teachers !== undefined && plan.source_embeddings_id === undefined)
    throw new UsageError(`missing source_embeddings_id in ${place}; students find the teachers' embeddings by it`);
  const resolved: Plan = {
    name: plan.name,
    folder,
    notes: plan.notes,
    teachers: plan.teachers && training('teachers', [])(plan.teachers),
    sourceEmbeddingsId: plan.source_embeddings_id,
    students: plan.students.map(training('students', fromTeachers)),
    direct: plan.direct.map(training('direct', [])),
    evaluation:
      plan.evaluation &&
      loadConfiguration(plan.evaluation.configuration, [...plan.evaluation.overrides, ...further('evaluation')]),
    evaluateStart: plan.evaluate_start,
    evaluateFeatures: plan.evaluate_features,
    draws: [],
  };
  refuseSharedIds([...(resolved.teachers ? [resolved.teachers] : []), ...resolved.students, ...resolved.direct], place);
  return resolved;
}

function resolveTraining(given: z.infer<typeof part>, overrides: readonly string[]): PlannedTraining {
  const configuration = loadConfiguration(given.configuration, overrides);
  if (!isTraining(configuration))
    throw new UsageError(`invalid plan: ${given.configuration} only evaluates; give one that trains`);
  const name = given.name ?? given.configuration.replace(/^.*\//, '').replace(/\.ya?ml$/, '');
  return {
    name,
    overrides: given.overrides,
    configuration: resolveConfiguration(configuration) as TrainingConfiguration,
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
