import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import type { NdArray } from '../../src/formats/nd-array.js';
import { encodeSafetensors } from '../../src/formats/safetensors.js';
import type { RunRecord } from '../../src/training/index.js';

/** Writes a finished run as far as it is exported: its record and best checkpoint. */
export function writeRun(
  folder: string,
  file: string,
  overrides: readonly string[],
  tensors: Record<string, NdArray>,
): string {
  const configuration = loadTrainingConfiguration(file, overrides);
  const record: RunRecord = {
    format: 1,
    id: configuration.run.id,
    name: basename(folder),
    status: 'finished',
    configuration,
    seed: configuration.seed,
    versions: {},
    engine: {},
    machine: {},
    data: { root: null, files: [], missing: [], counts: {}, notes: [] },
    notes: [],
    started: '',
    updated: '',
    seconds: 0,
    epochs: [],
    best: null,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run.json'), JSON.stringify(record));
  writeFileSync(
    join(folder, 'checkpoint-best.safetensors'),
    Buffer.concat(encodeSafetensors(Object.entries(tensors), {})),
  );
  return folder;
}
