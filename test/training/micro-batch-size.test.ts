import { totalmem } from 'node:os';
import test from 'ava';
import { loadTrainingConfiguration } from '../../src/configuration/load.js';
import type { Backbone } from '../../src/backbones/index.js';
import type { Engine } from '../../src/engine/types.js';
import { microBatchSize } from '../../src/training/images/micro-batch-size.js';

const BATCH = 132; // as configured
const transformer = { usesBatchStatistics: false } as Backbone;
const engine = (name: string): Engine => ({ name, gpu: false }) as Engine;

const student = (...overrides: string[]) =>
  loadTrainingConfiguration('configurations/yummly/yummly_se_rkd_vit.yaml', ['model.name=ViTTi', ...overrides]);

test('pictures at once: WebAssembly holds what it can address, a native engine what the machine has', (t) => {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2 ** 20;
  const held = (budget: number): number => Math.min(BATCH, Math.floor(budget / 60));
  t.is(microBatchSize(student(), transformer, 224, engine('wasm')), held(Math.min(1536, memory / 4)));
  t.is(microBatchSize(student(), transformer, 224, engine('torch-cpu')), held(memory / 4));
});

test('pictures at once: as many as are asked for, and never more than a batch', (t) => {
  const asked = (size: number) => student(`optimization.micro_batch_size=${size}`);
  t.is(microBatchSize(asked(40), transformer, 224, engine('torch-cpu')), 40);
  t.is(microBatchSize(asked(1000), transformer, 224, engine('wasm')), BATCH);
});
