import { rmSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { loadTrainingConfiguration } from '../../src/configuration/load.js';
import type { Backbone } from '../../src/backbones/index.js';
import { gpuProperties } from '../../src/engine/machine.js';
import type { Engine } from '../../src/engine/types.js';
import { microBatchSize } from '../../src/training/images/micro-batch-size.js';
import { temporaryFolder } from '../command-line.js';

const BATCH = 132; // as configured
const transformer = { usesBatchStatistics: false } as Backbone;
const engine = (name: string, gpu = false): Engine => ({ name, gpu }) as Engine;

const student = (...overrides: string[]) =>
  loadTrainingConfiguration('configurations/yummly/yummly_se_rkd_vit.yaml', ['model.name=ViTTi', ...overrides]);

test('pictures at once: WebAssembly holds what it can address, a native engine what the machine has', (t) => {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2 ** 20;
  const held = (budget: number): number => Math.min(BATCH, Math.floor(budget / 60));
  t.is(microBatchSize(student(), transformer, 224, engine('wasm')), held(Math.min(1536, memory / 4)));
  t.is(microBatchSize(student(), transformer, 224, engine('torch-cpu')), held(memory / 4));
});

test.serial("pictures at once: a CUDA GPU holds what its own memory does, as NVIDIA's driver tells", (t) => {
  const folder = temporaryFolder();
  const before = process.env['PATH'];
  const tell = (text: string): void => {
    writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\necho "${text}"\necho "${text}"\n`, { mode: 0o755 });
  };
  const held = (...overrides: string[]): number =>
    microBatchSize(student(...overrides), transformer, 224, engine('torch-cuda', true));
  process.env['PATH'] = `${folder}:${before}`;
  try {
    tell('3000 MiB');
    t.is(held(), 40); // 2,400 MiB, 60 each
    t.is(held('num_processes=2'), 40, 'a GPU each');
    t.is(held('num_processes=4'), 20, 'two on each GPU');
    tell('[N/A]');
    t.is(held(), microBatchSize(student(), transformer, 224, engine('torch-cpu')), 'a GPU of shared memory');
    t.deepEqual(gpuProperties('name'), ['[N/A]', '[N/A]']);
    writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    t.deepEqual(gpuProperties('name', 0.5), [], 'a driver that hangs');
  } finally {
    process.env['PATH'] = before;
    rmSync(folder, { recursive: true });
  }
});

test('pictures at once: as many as are asked for, and never more than a batch', (t) => {
  const asked = (size: number) => student(`optimization.micro_batch_size=${size}`);
  t.is(microBatchSize(asked(40), transformer, 224, engine('torch-cpu')), 40);
  t.is(microBatchSize(asked(1000), transformer, 224, engine('wasm')), BATCH);
});
