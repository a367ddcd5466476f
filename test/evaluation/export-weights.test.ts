import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { exportWeights } from '../../src/evaluation/index.js';
import type { NdArray } from '../../src/formats/nd-array.js';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import { readTorch } from '../../src/formats/torch/torch-file.js';
import { temporaryFolder, tripletlab } from '../command-line.js';
import { python, pythonHas } from '../random/python.js';
import { writeRun } from './run-folder.js';

const base = temporaryFolder();
test.after.always(() => {
  rmSync(base, { recursive: true, force: true });
});

const run = (name: string, overrides: readonly string[], tensors: Record<string, NdArray>): string =>
  writeRun(join(base, name), 'configurations/synthetic/synthetic_d_ste.yaml', overrides, tensors);

const one = (value: number): NdArray => ({ dtype: 'float32', shape: [1], data: Float32Array.of(value) });
const refused = async (t: import('ava').ExecutionContext, folder: string, to: string, message: RegExp) => {
  const out = `${folder}.${to}`;
  await t.throwsAsync(exportWeights(folder, { to, out }), { instanceOf: UsageError, message });
  t.false(existsSync(out));
};

test('a teacher goes from the command line into PyTorch, and no file is replaced', (t) => {
  const args = ['dataset.num_items=20', 'dataset.num_triplets=400', 'dataset.batch_size=30', 'run.id=7'];
  const quick = ['num_repetitions=1', 'optimization.num_training_epochs=1', 'model.embedding_size=4'];
  const trained = tripletlab(['train', 'configurations/synthetic/synthetic_p_ste.yaml', ...args, ...quick], {
    cwd: base,
  });
  t.is(trained.status, 0, trained.stderr);
  const first = tripletlab(['export', 'modeling/runs/run-0007', '--to', 'pth'], { cwd: base });
  t.is(first.status, 0, first.stderr);
  t.regex(first.stdout, /run-0007\.pth: 1 tensors\n$/);
  const name = 'embedding_layer.weight';
  const file = join(base, 'run-0007.pth');
  const checkpoint = join(base, 'modeling/runs/run-0007/checkpoint-best.safetensors');
  const stored = decodeSafetensors(readFileSync(checkpoint), checkpoint).tensors.get(name)!;
  t.deepEqual(readTorch(file).get(name), stored);
  if (pythonHas('torch'))
    t.deepEqual(
      python(
        "import torch\nanswer = torch.load(given, weights_only=True)['embedding_layer.weight'].flatten().tolist()",
        file,
      ),
      Array.from(stored.data as Float32Array),
    );
  else t.log('not read by PyTorch: it is not here');
  const again = tripletlab(['export', 'modeling/runs/run-0007', '--to', 'pth'], { cwd: base });
  t.is(again.status, 1);
  t.regex(again.stderr, /^tripletlab: file exists: .*run-0007\.pth; remove it or choose another with --out\n$/);
});

test('networks that PyTorch cannot compute are refused with the reason, before anything is written', async (t) => {
  const small = ['model.embedding_size=4'];
  await refused(t, run('run-0001', small, { a: one(1) }), 'pth', /^cannot export run-0001 to pth: neither the original nor torchvision has a SmallResNet; --to safetensors/); // prettier-ignore
  const keras = ['model={name: ResNet50, frozen_variables: bn, embedding_size: 4, loss_type: ste, tau: 0.1, metric_mode: FCT/max}', 'preprocessing={name: ResNetImagePreprocessing, image_size: 224}']; // prettier-ignore
  await refused(t, run('run-0002', keras, { 'model.conv1.bias': one(1) }), 'pth', /^cannot export run-0002 to pth: it is Keras's form of ResNet-50, .*; --to safetensors/); // prettier-ignore
  await refused(
    t,
    run('run-0003', small, { a: one(NaN) }),
    'safetensors',
    /^broken network: a of .* is infinite or NaN/,
  );
  await refused(t, join(base, 'run-0004'), 'pth', /^missing file: .*run\.json/);
  await refused(t, join(base, 'run-0001'), 'onnx', /^unknown --to: onnx; /);
});
