import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runName } from '../configuration/model-uri.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import { UsageError } from '../errors.js';
import { RECORD_FILE, readRunRecord, type RunRecord } from './run-record.js';

/** A run as its folder shows it. */
export interface RunFolder {
  readonly name: string;
  readonly folder: string;
  readonly configuration: TrainingConfiguration;
  /** The record of an earlier attempt. */
  readonly record: RunRecord | undefined;
}

/** Keys that may differ between two attempts at the same run: they change where and how fast, not what. */
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

function flatten(value: unknown, path = ''): Map<string, string> {
  if (value === null || typeof value !== 'object') return new Map([[path, JSON.stringify(value)]]);
  const entries = Object.entries(value).flatMap(([key, inner]) => [...flatten(inner, path ? `${path}.${key}` : key)]);
  return new Map(entries.filter(([key]) => !irrelevant.has(key)));
}

/** The first key in which two configurations mean different runs: `key: theirs there, ours here`. */
function difference(theirs: TrainingConfiguration, ours: TrainingConfiguration): string | undefined {
  const [a, b] = [flatten(theirs), flatten(ours)];
  for (const key of new Set([...a.keys(), ...b.keys()]))
    if (a.get(key) !== b.get(key)) return `${key}: ${a.get(key) ?? 'absent'} there, ${b.get(key) ?? 'absent'} here`;
  return undefined;
}

/**
 * Looks at the folder of a run without writing anything.
 *
 * @param base where a relative `run.output_directory_name` starts
 * @throws UsageError where the folder holds a run of another configuration, or something else
 */
export function inspectRun(configuration: TrainingConfiguration, base: string): RunFolder {
  const name = runName(configuration.run.id);
  const folder = join(resolve(base, configuration.run.output_directory_name), name);
  if (!existsSync(folder)) return { name, folder, configuration, record: undefined };
  const isRemains = (file: string): boolean => file.startsWith('lock') || file.startsWith('.');
  if (!existsSync(join(folder, RECORD_FILE))) {
    const others = readdirSync(folder).filter((file) => !isRemains(file));
    if (others.length > 0)
      throw new UsageError(
        `folder ${folder} holds ${others[0]} but no ${RECORD_FILE}; choose another run.id or remove it`,
      );
    return { name, folder, configuration, record: undefined };
  }
  const record = readRunRecord(folder);
  const differs = difference(record.configuration, configuration);
  if (differs !== undefined)
    throw new UsageError(`folder ${folder} holds another run (${differs}); choose another run.id or remove the folder`);
  return { name, folder, configuration, record };
}
