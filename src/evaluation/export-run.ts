import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dumpConfiguration } from '../configuration/dump.js';
import { UsageError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import { readRunRecord, RECORD_FILE } from '../training/runs/run-record.js';
import { exportWeights, type ExportedWeights, type ExportOptions } from './export-weights.js';

/** What an exported run consists of. */
export interface ExportedRun extends ExportedWeights {
  readonly folder: string;
}

/**
 * `runs export`: writes a run for someone else into one folder: its record, its configuration and its best weights, as
 * `exportWeights` writes them.
 *
 * @param run its folder
 * @throws UsageError as `exportWeights`, and where the folder has something in it already
 */
export async function exportRun(run: string, { to, out, base = process.cwd() }: ExportOptions): Promise<ExportedRun> {
  const record = readRunRecord(resolve(base, run));
  const folder = resolve(base, out ?? `${record.name}-export`);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UsageError(`folder is not empty: ${folder}; empty it or choose another with --out`);
  const content = readFileSync(join(resolve(base, run), RECORD_FILE));
  const configuration = dumpConfiguration(record.configuration);
  const weights = await exportWeights(run, { to, base, out: join(folder, `${record.name}.${to}`) });
  writeFileAtomic(join(folder, 'configuration.yaml'), configuration);
  writeFileAtomic(join(folder, RECORD_FILE), content);
  return { ...weights, folder };
}
