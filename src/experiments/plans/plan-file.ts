import { z } from 'zod';
import { UsageError } from '../../errors.js';

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

/** A part of a plan's file: a configuration and what changes it. */
export type PlanPartFile = z.infer<typeof part>;

/** A plan as its file has it, with the defaults filled in. */
export type PlanFile = z.infer<typeof schema>;

/** What a command may say of a plan beside its settings. */
export interface PlanNaming {
  /** The plan's name in results; alone it also moves the plan to `modeling/NAME`. */
  readonly name?: string;
  /** The folder of runs, embeddings and results. */
  readonly folder?: string;
}

/**
 * Checks the content of a plan's file and names it anew where that is wanted.
 *
 * @param place the file, for errors
 * @throws UsageError of one line, also where the file is a configuration
 */
export function parsePlan(value: unknown, place: string, { name, folder }: PlanNaming = {}): PlanFile {
  if (typeof value === 'object' && value !== null && 'dataset' in value)
    throw new UsageError(
      `invalid plan: ${place} is a configuration; run tripletlab ${'model' in value ? 'train' : 'evaluate'} ${place}`,
    );
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`invalid plan: ${issue.path.join('.') || 'all'} in ${place}: ${issue.message}`);
  }
  const plan = parsed.data;
  if (name !== undefined && !schema.shape.name.safeParse(name).success)
    throw new UsageError(`invalid --name: ${name}; a word of letters, digits, ., ~, _ and -`);
  const own = name === undefined ? plan.output_directory_name : undefined;
  return { ...plan, name: name ?? plan.name, output_directory_name: folder ?? own };
}
