import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runName } from '../../configuration/model-uri.js';
import type { TrainingConfiguration } from '../../configuration/types.js';
import { UsageError } from '../../errors.js';
import { missingBest } from './checkpoint.js';
import { checkParts, checkSettings } from './resume.js';
import { RECORD_FILE, readRunRecord, type RunRecord } from './run-record.js';

/** A run, as found in its folder. */
export interface RunFolder {
  readonly name: string;
  readonly folder: string;
  readonly configuration: TrainingConfiguration;
  /** The record of an earlier attempt. */
  readonly record: RunRecord | undefined;
}

/** Returns the absolute folder of a run; a relative `run.output_directory_name` starts at `base`. */
export const folderOf = ({ run }: TrainingConfiguration, base: string): string =>
  join(resolve(base, run.output_directory_name), runName(run.id));

/**
 * Inspects the folder of a run, and writes nothing.
 *
 * @param base where a relative `run.output_directory_name` starts
 * @throws UsageError where the folder holds a run of another configuration, something else, or a run without its best
 *   checkpoint
 */
export function inspectRun(configuration: TrainingConfiguration, base: string): RunFolder {
  const name = runName(configuration.run.id);
  const folder = folderOf(configuration, base);
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
  const run = { name, folder, configuration, record: readRunRecord(folder) };
  checkSettings(run);
  checkParts(run);
  const missing = missingBest(folder, run.record.best);
  if (missing !== undefined) throw missing;
  return run;
}
