import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { makeBackbone } from '../../src/backbones/registry.js';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { exportWeights } from '../../src/evaluation/index.js';
import { readTorch } from '../../src/formats/torch/torch-file.js';
import { RandomStream } from '../../src/random/stream.js';
import { temporaryFolder } from '../command-line.js';
import { python, pythonHas } from '../random/python.js';
import { writeRun } from './run-folder.js';

const FILE = 'configurations/synthetic/synthetic_d_ste.yaml';

interface Golden {
  readonly cases: readonly { readonly model: string; readonly state_dict: readonly (readonly [string, number[]])[] }[];
}

test('a ResNet-50 has all names and shapes of the original in its .pth, and PyTorch reads them', async (t) => {
  const base = temporaryFolder();
  t.teardown(() => {
    rmSync(base, { recursive: true, force: true });
  });
  const overrides = [
    'model={name: ResNet50, frozen_variables: bn, embedding_size: 128, loss_type: ste, tau: 0.1, metric_mode: FCT/max}',
    'preprocessing={name: ResNetImagePreprocessing, image_size: 224}',
  ];
  const configuration = loadTrainingConfiguration(FILE, overrides);
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const backbone = makeBackbone(configuration.model, { stream: new RandomStream(0, 'a network') });
  const state = backbone.stateDict();
  backbone.dispose();
  writeRun(join(base, 'run-0009'), FILE, overrides, state);
  const { file } = await exportWeights('run-0009', { to: 'pth', base });

  const { cases } = JSON.parse(readFileSync('test/golden/backbones.json', 'utf8')) as Golden;
  const original = Object.fromEntries(cases.find(({ model }) => model === 'ResNet50')!.state_dict);
  const read = readTorch(file);
  t.deepEqual(Object.fromEntries([...read].map(([name, { shape }]) => [name, [...shape]])), original);
  for (const [name, { data }] of Object.entries(state)) t.deepEqual(read.get(name)!.data, data, name);
  if (!pythonHas('torch')) return void t.log('not read by PyTorch: it is not here');
  const shapes = python(
    'import torch\nanswer = {name: list(t.shape) for name, t in torch.load(given, weights_only=True).items()}',
    file,
  );
  t.deepEqual(shapes, original);
});
