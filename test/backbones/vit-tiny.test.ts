import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { importWeights, weightsFolder } from '../../src/backbones/weights/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { embedAtStart } from '../../src/evaluation/index.js';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { readYummly } from '../../src/datasets/sets/yummly.js';
import { fractionCorrectOfTriplets } from '../../src/metrics/index.js';
import { checkBackbones } from '../../src/verification/backbones.js';

interface Golden {
  readonly cases: readonly unknown[];
  readonly pretrained: {
    readonly features: Readonly<Record<string, readonly number[]>>;
    readonly fct: Readonly<Record<'yummly', { readonly triplets: number; readonly cosine: number }>>;
  };
}

const golden = JSON.parse(readFileSync('test/golden/vit_tiny.json', 'utf8')) as Golden;

test.serial("ViTTi: names, shapes, output and gradients are those of the original's recipe", async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const [outcome] = await checkBackbones({ cases: golden.cases }, '');
  t.is(outcome.status, 'passed', outcome.detail);
});

const data = process.env['TRIPLETLAB_DATA'];

(data ? test.serial : test.serial.skip)(
  'with ImageNet weights: features of pictures, and the zero-shot FCT of all triplets of Yummly (needs TRIPLETLAB_DATA)',
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tripletlab-'));
    const given = process.env['TRIPLETLAB_WEIGHTS'];
    process.env['TRIPLETLAB_WEIGHTS'] = folder;
    t.teardown(() => {
      if (given === undefined) delete process.env['TRIPLETLAB_WEIGHTS'];
      else process.env['TRIPLETLAB_WEIGHTS'] = given;
      rmSync(folder, { recursive: true });
    });
    t.is(weightsFolder(), folder);
    const { tensors, dropped } = await importWeights(join(data!, 'weights/vit_tiny_patch16_224.safetensors'), 'ViTTi', {
      name: 'vit-ti16',
    });
    t.deepEqual([tensors, [...dropped].sort()], [150, ['head.bias', 'head.weight']]);
    const dataset = makeTripletDataset({
      name: 'YummlyTImg',
      version: 'direct',
      raw_data_directory_name: null,
      data_directory_name: null,
      batch_size: 3,
    });
    const { data: rows, size } = await embedAtStart(
      {
        model: { name: 'ViTTi', embedding_size: 8, frozen_variables: null, loss_type: 'ste', metric_mode: 'FCT/max' },
        seed: 0,
        run: { id: 1, output_directory_name: '' },
        preprocessing: { name: 'ViTImagePreprocessing' },
        use_gpu: false,
        engine: 'wasm',
      },
      dataset,
      { part: 'features' },
    );
    t.is(size, 192);
    for (const [file, expected] of Object.entries(golden.pretrained.features)) {
      const item = dataset.items.find((one) => one.file!.endsWith(file))!.index;
      const length = Math.hypot(...expected); // ours are of length 1
      const off = Math.max(...expected.map((value, k) => Math.abs(value - length * rows[item * size + k])));
      t.true(off < 1e-3, `${file}: ${off}`);
    }
    const { triplets } = readYummly(join(data!, 'yummly'), 'required');
    const { triplets: count, cosine } = golden.pretrained.fct.yummly;
    t.is(triplets.length / 3, count);
    const fct = fractionCorrectOfTriplets(rows, size, triplets, true);
    t.true(Math.abs(fct - cosine) < 2e-4, `${fct} ${cosine}`);
  },
);
