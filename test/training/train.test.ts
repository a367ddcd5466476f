import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '../../src/tf.js';
import test from 'ava';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { evaluate, modelUri, saveEmbeddings } from '../../src/evaluation/index.js';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import { train, type RunRecord } from '../../src/training/index.js';
import { temporaryFolder } from '../command-line.js';
import { python, pythonHas } from '../random/python.js';

const overrides = ['dataset.num_triplets=6000', 'optimization.num_training_epochs=4', 'use_gpu=false'];
const configured = (...more: string[]) =>
  loadTrainingConfiguration('configurations/synthetic/synthetic_p_ste.yaml', [...overrides, ...more]);

function table(base: string, name: string, file = 'checkpoint-best'): Float32Array {
  const path = join(base, 'modeling/runs', name, `${file}.safetensors`);
  return decodeSafetensors(readFileSync(path), path).tensors.get('embedding_layer.weight')!.data as Float32Array;
}

test.serial(
  'a run leaves its record, checkpoints and events, and the best checkpoint has the best metric',
  async (t) => {
    const base = temporaryFolder();
    const config = configured();
    const [record] = await train(config, { base });
    const folder = join(base, 'modeling/runs/run-1001');
    t.deepEqual(readdirSync(folder).sort(), ['checkpoint-best.safetensors', 'checkpoint-last.safetensors', 'run.json', 'training', 'validation']); // prettier-ignore
    const saved = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;
    t.deepEqual(saved.epochs, record.epochs);
    t.is(saved.status, 'finished');
    t.is(saved.engine['name'], 'wasm');
    t.deepEqual(saved.data.counts['items'], 120);
    const metrics = saved.epochs.map(({ metric }) => metric);
    t.is(saved.best!.value, Math.max(...metrics));
    t.is(saved.best!.epoch, metrics.indexOf(Math.max(...metrics)) + 1);

    // the metric again, naively, from the checkpoint: the mean over batches, as configured
    const dataset = makeTripletDataset(config.dataset);
    const weights = table(base, 'run-1001');
    const row = (item: number): number[] => {
      const positive = Array.from(weights.subarray(item * 32, item * 32 + 32), (w) => Math.max(w, 0));
      const norm = Math.hypot(...positive);
      return positive.map((w) => w / norm);
    };
    const distance = (a: number[], b: number[]): number => Math.hypot(...a.map((x, k) => x - b[k]));
    const triplets = dataset.triplets.validation;
    const batches: number[] = [];
    for (let start = 0; start < triplets.length; start += config.dataset.batch_size) {
      const batch = triplets.subarray(start, start + config.dataset.batch_size);
      let correct = 0;
      for (let i = 0; i < batch.length; i += 3) {
        const [a, b, c] = [row(batch[i]), row(batch[i + 1]), row(batch[i + 2])];
        if (distance(a, b) < distance(a, c) && distance(a, b) < distance(b, c)) correct++;
      }
      batches.push((3 * correct) / batch.length);
    }
    const mean = batches.reduce((sum, value) => sum + value, 0) / batches.length;
    t.true(Math.abs(mean - saved.best!.value) < 1e-9, `${mean}`);

    if (pythonHas('json')) {
      const float = (hex: string): number => Buffer.from(hex, 'hex').readFloatLE();
      const scalars = (part: string): unknown[] => {
        const file = join(folder, part, readdirSync(join(folder, part))[0]);
        const { stdout } = spawnSync('/usr/bin/python3', ['test/formats/decode_events.py', file], { encoding: 'utf8' });
        const events = JSON.parse(stdout) as { step: number; values: [string, string][] }[];
        return events.flatMap(({ step, values }) => values.map(([tag, hex]) => [tag, step, float(hex)]));
      };
      const expected = (tag: string, key: 'training_loss' | 'validation_loss' | 'metric'): unknown[] =>
        saved.epochs.map((e) => [tag, e.epoch, Math.fround(e[key])]);
      t.deepEqual(scalars('training'), expected('INFO/1_loss', 'training_loss'));
      t.deepEqual(scalars('validation'), [...expected('INFO/1_loss', 'validation_loss'), ...expected('INFO/2_FCT', 'metric')]); // prettier-ignore
    } else t.log('python3 is absent: the event files were not decoded');
    rmSync(base, { recursive: true });
  },
);

test.serial('the same configuration and seed give the same weights; another seed or id others', async (t) => {
  const weights = async (...more: string[]): Promise<Float32Array> => {
    const base = temporaryFolder();
    const [{ name }] = await train(configured(...more), { base });
    const result = table(base, name, 'checkpoint-last');
    rmSync(base, { recursive: true });
    return result;
  };
  const first = await weights();
  t.deepEqual(await weights(), first);
  t.notDeepEqual(await weights('seed=1'), first);
  t.notDeepEqual(await weights('run.id=1002'), first);
});

test.serial('tensor operations on the engine give the curve of the fused kernel', async (t) => {
  const curves: number[][] = [];
  for (const fused of [true, false]) {
    const base = temporaryFolder();
    const [record] = await train(configured('num_repetitions=2'), { base, fused });
    curves.push(record.epochs.flatMap((e) => [e.training_loss, e.validation_loss, e.metric]));
    rmSync(base, { recursive: true });
  }
  curves[0].forEach((value, i) => t.true(Math.abs(value - curves[1][i]) < 2e-3 * (i % 3 === 2 ? 2 : 0.1), `${i}: ${value} ${curves[1][i]}`)); // prettier-ignore
  t.is(tf.getBackend(), 'wasm');
});

test.serial('embeddings of a range of runs are read by numpy, and evaluation agrees with them', async (t) => {
  const base = temporaryFolder();
  const config = configured('num_repetitions=2');
  const records = await train(config, { base });
  const uri = 'Psycho,embedding_size:32,beta:0.0/modeling/runs/run-1001..1002/checkpoint-best.pth';
  const saving = { ...config, model_uris: uri, output_directory_name: 'out', new_source_embeddings_id: 'pt_ste2' };
  const { file } = await saveEmbeddings(saving, { base });
  t.is(file, join(base, 'out/embeddings_pt_ste2.npz'));
  const asked = { ...config, model_uri: modelUri(records[0]), subset_name: 'test' as const };
  const { value, count } = await evaluate(asked, { base });
  const triplets = makeTripletDataset(config.dataset).triplets.test;
  t.is(count, triplets.length / 3);
  if (pythonHas('numpy')) {
    const program = `import numpy as np
e = np.load(given['file'])['embeddings']
t = np.array(given['triplets']).reshape(-1, 3)
w = np.maximum(np.array(given['table'], dtype=np.float64).reshape(-1, 32), 0)
w /= np.linalg.norm(w, axis=1, keepdims=True)
d = lambda i, j: np.linalg.norm(w[t[:, i]] - w[t[:, j]], axis=1)
fct = float(np.mean((d(0, 1) < d(0, 2)) & (d(0, 1) < d(1, 2))))
answer = [list(e.shape), str(e.dtype), float(np.abs(e[:, 0] - w).max()), fct]`;
    const given = { file, triplets: [...triplets], table: [...table(base, 'run-1001')] };
    const [shape, dtype, error, fct] = python(program, given) as [number[], string, number, number];
    t.deepEqual([shape, dtype], [[120, 2, 32], 'float32']);
    t.true(error < 1e-6);
    t.is(value, fct);
  } else t.log('python3-numpy is absent: the npz was not read by numpy');
  rmSync(base, { recursive: true });
});

test.serial('an epoch can end early', async (t) => {
  const base = temporaryFolder();
  const steps = async (id: number, most: number): Promise<number> => {
    const short = ['optimization.num_training_epochs=3', 'dataset.batch_size=600', `run.id=${id}`];
    await train(configured(...short, `optimization.num_batches_per_epoch=${most}`), { base });
    const path = join(base, `modeling/runs/run-${id}/checkpoint-last.safetensors`);
    const { tensors } = decodeSafetensors(readFileSync(path), path);
    return Number(tensors.get('optimizer.step')!.data[0]);
  };
  t.is(await steps(3001, 2), 6);
  const triplets = makeTripletDataset(configured().dataset).triplets.training.length / 3;
  t.is(await steps(3002, 1000), 3 * Math.floor(triplets / 200)); // more than there are: all
  rmSync(base, { recursive: true });
});
