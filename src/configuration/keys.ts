import { z } from 'zod';
import { datasetParameters } from '../catalogue/datasets.js';
import { lossParameters } from '../catalogue/loss-parameters.js';
import { lossDeclaration, lossesReading } from '../catalogue/losses.js';
import { isNameOf } from '../catalogue/names.js';
import { keysOf, trainingSchema } from './schema.js';
import { unknownKey } from './unknown-key.js';

/** A key of a configuration, as `tripletlab config` describes it. */
export interface ConfigurationKey {
  /** The whole name, such as `model.tau`. */
  readonly key: string;
  /** The required type of its value, in words. */
  readonly type: string;
  /** What applies where it is absent, in words. */
  readonly default: string;
  readonly description: string;
  /** Where it has an effect, in words; empty: everywhere. */
  readonly applies: string;
}

/** The schema's description of a key, beside its type. */
interface About {
  readonly words?: string;
  readonly description?: string;
  readonly otherwise?: string;
  readonly applies?: string;
}

const REQUIRED = 'must be given';

/** Returns the type of a key and its default value, in words. */
function kindOf(schema: unknown): { readonly type: string; readonly default: string } {
  if (schema instanceof z.ZodOptional) return { ...kindOf(schema.unwrap()), default: 'none' };
  if (schema instanceof z.ZodNullable) return { type: `${kindOf(schema.unwrap()).type}, or null`, default: REQUIRED };
  if (schema instanceof z.ZodDefault) return { ...kindOf(schema.unwrap()), default: String(schema.def.defaultValue) };
  if (schema instanceof z.ZodEnum) return { type: `one of ${schema.options.join(', ')}`, default: REQUIRED };
  return { type: ((schema as z.ZodType).meta() as About | undefined)?.words ?? '', default: REQUIRED };
}

/** Tells where a key has an effect by the catalogue, whose rules refuse the key elsewhere. */
function ruledBy(section: string, key: string): { readonly applies: string; readonly otherwise?: string } | undefined {
  if (section === 'dataset' && isNameOf(datasetParameters, key)) return { applies: datasetParameters[key] };
  if (section !== 'model' || !isNameOf(lossParameters, key)) return undefined;
  const readers = lossesReading(key);
  const needed = readers.some((loss) => lossDeclaration(loss).parameters[key]!.required === true);
  return { applies: readers.join(', '), ...(needed ? { otherwise: REQUIRED } : {}) };
}

function describe(section: string, key: string, schema: z.ZodType): ConfigurationKey {
  const about = (schema.meta() ?? {}) as About;
  const ruled = ruledBy(section, key);
  const kind = kindOf(schema);
  return {
    key: section === '' ? key : `${section}.${key}`,
    type: kind.type,
    default: about.otherwise ?? ruled?.otherwise ?? kind.default,
    description: about.description ?? '',
    applies: [ruled?.applies ?? [], about.applies ?? []].flat().join(', '),
  };
}

/** Lists every key that a configuration may have, section by section, in the order of the schema. */
export function configurationKeys(): ConfigurationKey[] {
  return Object.entries<z.ZodType>(trainingSchema.shape).flatMap(([name, schema]) =>
    schema instanceof z.ZodObject
      ? Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, inner]) => describe(name, key, inner))
      : [describe('', name, schema)],
  );
}

/**
 * Finds keys by name: one key such as `model.tau`, or those of a section such as `model`.
 *
 * @throws UsageError with the nearest whole key: `unknown key: model.ta; did you mean model.tau?`
 */
export function findConfigurationKeys(name: string): ConfigurationKey[] {
  const found = configurationKeys().filter(({ key }) => key === name || key.startsWith(`${name}.`));
  if (found.length > 0) return found;
  const dot = name.lastIndexOf('.');
  throw unknownKey(name.slice(0, Math.max(dot, 0)), name.slice(dot + 1), keysOf(trainingSchema));
}
