import { existsSync, readFileSync } from 'node:fs';
import { cpus, hostname, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import type { OwnPart } from '../../catalogue/own-parts.js';
import type { TrainingConfiguration } from '../../configuration/types.js';
import type { DataFacts } from '../../datasets/dataset.js';
import type { Engine } from '../../engine/types.js';
import { UsageError } from '../../errors.js';
import { writeFileAtomic } from '../../files.js';
import { packageRoot } from '../../assets.js';
import { readStoredJson } from '../../stored-json.js';
import type { Inputs } from '../input-digests.js';
import { runRecordSchema } from './run-record-schema.js';

/** The results of one epoch; losses are means over batches. */
export interface EpochRecord {
  readonly epoch: number; // from 1
  readonly training_loss: number;
  readonly validation_loss: number;
  readonly metric: number;
  readonly seconds: number;
  readonly time: number; // when it ended, seconds since 1970
}

export type RunStatus = 'running' | 'finished' | 'interrupted' | 'failed';

/** The content of `run.json`: everything about a run but its weights. */
export interface RunRecord {
  readonly format: 1;
  readonly id: number;
  readonly name: string;
  status: RunStatus;
  reason?: string;
  readonly configuration: TrainingConfiguration;
  readonly seed: number;
  readonly versions: Readonly<Record<string, string>>;
  engine: Readonly<Record<string, unknown>>;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly data: DataFacts;
  /** Digests of what its numbers depend on beside the settings; absent in records of earlier versions. */
  readonly inputs?: Inputs;
  /** The parts of one's own that it was trained with; absent where there are none. */
  readonly parts?: readonly OwnPart[];
  /** What readers must know beside the numbers: missing data, a fallback engine, resumed attempts. */
  notes: string[];
  readonly started: string; // ISO 8601
  updated: string;
  /** Time spent in epochs, over all attempts. */
  seconds: number;
  epochs: EpochRecord[];
  best: { epoch: number; metric: string; value: number } | null;
}

export const RECORD_FILE = 'run.json';

/** Returns the versions of the software that computes a run. */
export function versions(engine: Engine): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  return {
    tripletlab: manifest.version,
    node: process.versions.node,
    v8: process.versions.v8,
    tfjs: manifest.dependencies['@tensorflow/tfjs'],
    [engine.name]: engine.version,
  };
}

/** Describes the machine, since a run's times depend on it. */
export function machine(): Record<string, unknown> {
  const processors = cpus();
  return {
    host: hostname(),
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
  };
}

/**
 * Reads the record in a run's folder.
 *
 * @throws UsageError where there is none, or it is not a record
 */
export function readRunRecord(folder: string): RunRecord {
  const file = join(folder, RECORD_FILE);
  if (!existsSync(file)) throw new UsageError(`missing file: ${file}; train the run first`);
  return readStoredJson(file, runRecordSchema, { what: 'run record', remedy: `remove ${folder} and train again` });
}

export function writeRunRecord(folder: string, record: RunRecord): void {
  record.updated = new Date().toISOString();
  writeFileAtomic(join(folder, RECORD_FILE), `${JSON.stringify(record, null, 1)}\n`);
}
