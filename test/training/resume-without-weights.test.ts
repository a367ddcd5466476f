import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { makeBackbone } from '../../src/backbones/index.js';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { evaluate } from '../../src/evaluation/index.js';
import { encodeSafetensors } from '../../src/formats/safetensors.js';
import { RandomStream } from '../../src/random/stream.js';
import { train } from '../../src/training/index.js';

test('a run that began with weights from a file goes on, and is evaluated, where the file is gone', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const network = { name: 'Inception', embedding_size: 4, frozen_variables: 'all' } as const;
  const weights = join(folder, 'weights.safetensors');
  const write = (seed: number): void => {
    const backbone = makeBackbone(network, { stream: new RandomStream(seed, 'pretrained') });
    const tensors = Object.entries(backbone.stateDict()).map(([name, array]) => [name.replace(/^model\./, ''), array] as const); // prettier-ignore
    backbone.dispose();
    writeFileSync(weights, Buffer.concat(encodeSafetensors(tensors)));
  };
  const configuration = loadTrainingConfiguration('configurations/synthetic/synthetic_d_ste.yaml', [
    'dataset.num_items=20',
    'dataset.num_triplets=80',
    'dataset.batch_size=24',
    'preprocessing={name: ResNetImagePreprocessing, image_size: 32}',
    `model={name: Inception, embedding_size: 4, frozen_variables: all, loss_type: ste, tau: 0.25, metric_mode: FCT/max, weights: ${weights}}`, // prettier-ignore
    'optimization.num_training_epochs=2',
    'use_gpu=false',
    'engine=wasm',
  ]);
  write(3);
  const [whole] = await train(configuration, { base: join(folder, 'whole') });

  const base = join(folder, 'broken');
  const stop = new AbortController();
  const interrupted = train(configuration, {
    base,
    signal: stop.signal,
    onUpdate: ({ epochEnded }) => {
      if (epochEnded) stop.abort();
    },
  });
  await t.throwsAsync(interrupted, { message: /^interrupted/ });
  rmSync(weights);
  await t.throwsAsync(train(configuration, { base: join(folder, 'another') }), { message: /weights/ });
  const [record] = await train(configuration, { base });
  t.is(record.status, 'finished');
  const numbers = ({ epochs }: typeof record) => epochs.map((epoch) => ({ ...epoch, seconds: 0, time: 0 }));
  t.deepEqual(numbers(record), numbers(whole));
  t.true(record.notes.some((note) => note.startsWith('weights at the start: weights.safetensors')));

  const uri = `Inception,embedding_size:4/modeling/runs/${record.name}/checkpoint-best.pth`;
  const { value } = await evaluate({ ...configuration, model_uri: uri, subset_name: 'validation' }, { base });
  t.true(value > 0 && value <= 1);

  write(4); // other weights of the same name
  const refused = { message: /holds a run on other data \(weights: [\da-f]{16} there, [\da-f]{16} here\)/ };
  await t.throwsAsync(train(configuration, { base: join(folder, 'whole') }), refused);
  write(3);
  t.deepEqual(await train(configuration, { base: join(folder, 'whole') }), [whole]);
});
