import { createHash } from 'node:crypto';
import type { TrainingConfiguration } from '../../configuration/types.js';
import { ownPartsOf } from '../own-parts-of.js';

/** Keys that may differ between two attempts at a run: they change where and how fast it runs, not the result. */
const irrelevant = new Set([
  'num_repetitions',
  'offset_for_repetition',
  'use_gpu',
  'engine',
  'num_processes',
  'run.output_directory_name',
  'dataset.raw_data_directory_name',
  'dataset.data_directory_name',
  'dataset.different_splits',
  'optimization.micro_batch_size',
]);

/** Lists the values of a configuration: keys with dots, values as JSON. */
export function flattened(value: unknown, path = ''): [key: string, value: string][] {
  if (value === null || typeof value !== 'object') return [[path, JSON.stringify(value)]];
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .flatMap(([key, inner]) => flattened(inner, path ? `${path}.${key}` : key));
}

/** Returns the settings of a configuration that decide the result: keys with dots, values as JSON. */
export function runSettings(configuration: object): Map<string, string> {
  return new Map(flattened(configuration).filter(([key]) => !irrelevant.has(key)));
}

/** Returns 12 hexadecimal digits of the SHA-256 of any content. */
export function contentKey(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}

/**
 * Names a run by its content. Configurations of one run that give the same numbers have the same name, whatever their
 * folders, engine or order of keys. Parts of one's own count by their source.
 */
export function runKey(configuration: TrainingConfiguration): string {
  const settings = [...runSettings(configuration)].sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = ownPartsOf(configuration).map(({ kind, digest }): [string, string] => [`part.${kind}`, digest]);
  return contentKey([...settings, ...parts]);
}
