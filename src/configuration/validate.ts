import type { z } from 'zod';
import { datasets } from '../catalogue/datasets.js';
import { isNameOf } from '../catalogue/names.js';
import { nearest, unknown, UsageError } from '../errors.js';
import { bare, show } from './display.js';
import { checkRules } from './rules.js';
import { versionsOf } from './dataset-version.js';
import { evaluationSchema, keysOf, trainingSchema } from './schema.js';
import type { Configuration } from './types.js';
import { unknownKey } from './unknown-key.js';

/** The source of a configuration. */
export interface Origin {
  /** The file, as errors name it. */
  readonly place: string;
  /** Keys that were given as overrides, so that errors do not blame the file. */
  readonly overridden: ReadonlySet<string>;
}

/**
 * Checks a whole configuration and returns it with defaults filled in and keys in their order.
 *
 * It is for training if it has a `model` or `optimization`, else only for evaluation.
 *
 * @throws UsageError of one line: an unknown key first, else the first thing missing or of the wrong type, else the
 *   first pair of values that do not go together
 */
export function validateConfiguration(value: Readonly<Record<string, unknown>>, origin: Origin): Configuration {
  const raw = Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'configuration_file_name'));
  const schema = 'model' in raw || 'optimization' in raw ? trainingSchema : evaluationSchema;
  checkKeys(raw, keysOf(schema));
  const parsed = (schema as z.ZodType<Configuration>).safeParse(raw);
  if (!parsed.success) throw problem(parsed.error.issues[0], raw, origin);
  checkRules(parsed.data, origin.place);
  return parsed.data;
}

/** Refuses unknown keys, and suggests the nearest known one. */
function checkKeys(
  raw: Readonly<Record<string, unknown>>,
  sections: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [section, keys] of Object.entries(sections)) {
    const value = section === '' ? raw : raw[section];
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (keys.includes(key)) continue;
      const [first] = section === '' && meansSection(key, sections) ? Object.keys(Object(inner) as object) : [];
      throw first === undefined ? unknownKey(section, key, sections) : unknownKey(key, first, sections);
    }
  }
}

const meansSection = (key: string, sections: Readonly<Record<string, readonly string[]>>): boolean =>
  nearest(key, Object.keys(sections).filter(Boolean)) !== undefined;

/** Writes an issue of the schema for the author of the configuration. */
function problem(issue: z.core.$ZodIssue, raw: Readonly<Record<string, unknown>>, origin: Origin): UsageError {
  const names = issue.path.map(String);
  const path = names.join('.');
  const value = names.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], raw);
  if (value === undefined) return new UsageError(`missing ${path} in ${origin.place}; ${remedy(issue, raw)}`);
  if (issue.code === 'invalid_value' && issue.values.length > 1 && typeof value === 'string') {
    const kind = names[names.length - 1] === 'name' ? names[0] : names[names.length - 1];
    return unknown(kind, bare(value), issue.values.map(String));
  }
  const from = origin.overridden.has(path) ? '' : ` in ${origin.place}`;
  return new UsageError(`invalid ${path}: ${show(value)}${from}; ${remedy(issue, raw)}`);
}

function remedy(issue: z.core.$ZodIssue, raw: Readonly<Record<string, unknown>>): string {
  if (issue.code === 'invalid_value' && issue.values.length > 1) return `one of ${issue.values.join(', ')}`;
  const name = (raw['dataset'] as Record<string, unknown> | undefined)?.['name'];
  if (issue.path.join('.') === 'dataset.version' && typeof name === 'string' && isNameOf(datasets, name))
    return versionsOf(name);
  return issue.message;
}
