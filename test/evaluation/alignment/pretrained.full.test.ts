import test from 'ava';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { importWeights } from '../../../src/backbones/weights/index.js';
import { loadConfiguration } from '../../../src/configuration/load.js';
import { align } from '../../../src/evaluation/index.js';
import { temporaryFolder } from '../../command-line.js';

const data = process.env['TRIPLETLAB_DATA'];

interface Golden {
  readonly pretrained: {
    readonly fct: Readonly<Record<string, { triplets: number; cosine: number; euclidean: number }>>;
  };
}

(data ? test.serial : test.serial.skip)(
  'ViT-Ti on Yummly and on pictures of shoes: FCT of its features is that of timm, and the probe is above it (skipped where TRIPLETLAB_DATA has no such data)',
  async (t) => {
    const folder = temporaryFolder();
    const given = process.env['TRIPLETLAB_WEIGHTS'];
    process.env['TRIPLETLAB_WEIGHTS'] = folder;
    t.teardown(() => {
      if (given === undefined) delete process.env['TRIPLETLAB_WEIGHTS'];
      else process.env['TRIPLETLAB_WEIGHTS'] = given;
      rmSync(folder, { recursive: true });
    });
    await importWeights(join(data!, 'weights/vit_tiny_patch16_224.safetensors'), 'ViTTi', { name: 'vit-ti16' });
    const { fct } = (JSON.parse(readFileSync('test/golden/vit_tiny.json', 'utf8')) as Golden).pretrained;
    const configurations = {
      yummly: loadConfiguration('configurations/yummly/yummly_e.yaml', ['dataset.version=direct~0']),
      zappos: loadConfiguration('configurations/custom/custom_e.yaml', [`dataset.raw_data_directory_name=${join(data!, 'zappos')}`]), // prettier-ignore
    };
    for (const [name, configuration] of Object.entries(configurations)) {
      const [{ zeroShot, triplets, probe }] = await align(configuration, ['ViTTi']);
      t.is(triplets, fct[name].triplets);
      for (const by of ['cosine', 'euclidean'] as const)
        t.true(Math.abs(zeroShot[by].fct - fct[name][by]) < 2e-4, `${name} ${by}: ${zeroShot[by].fct}`);
      t.true(probe!.gain.mean > 2 * probe!.gain.error, `${name}: ${JSON.stringify(probe!.gain)}`);
    }
  },
);
