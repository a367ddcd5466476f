import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import type { Backbone } from '../../src/backbones/index.js';
import { network, values } from './networks.js';

test.before(() => chooseEngine({ useGpu: false, engine: 'wasm' }));

function moments(values: ArrayLike<number>): { mean: number; std: number; most: number } {
  let [sum, squares, most] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    squares += values[i] ** 2;
    most = Math.max(most, Math.abs(values[i]));
  }
  const mean = sum / values.length;
  return { mean, std: Math.sqrt(squares / values.length - mean ** 2), most };
}

/** Mean 0 and the given deviation, within 5 standard errors (a normal's; a uniform's are smaller). */
function spreads(
  t: { true(value: boolean, message: string): unknown },
  of: ArrayLike<number>,
  std: number,
  label: string,
) {
  const { mean, std: actual } = moments(of);
  const error = 5 / Math.sqrt(of.length);
  t.true(Math.abs(mean) < error * std && Math.abs(actual / std - 1) < error, `${label}: ${mean}, ${actual} for ${std}`);
}

const all = (values: ArrayLike<number>, value: number) => Array.from(values).every((one) => one === value);

function withValues(backbone: Backbone, check: (of: Record<string, ArrayLike<number>>) => void): void {
  check(values(backbone));
  backbone.dispose();
}

test.serial('ResNet: normal filters by the number of outputs, norms 1 and 0, a uniform last layer', (t) => {
  withValues(network('SmallResNet', { embedding_size: 128 }), (of) => {
    spreads(t, of['model.layer3.1.conv2.weight'], Math.sqrt(2 / (64 * 9)), 'conv2');
    spreads(t, of['model.layer2.0.downsample.0.weight'], Math.sqrt(2 / 32), 'downsample');
    t.true(all(of['model.bn1.weight'], 1) && all(of['model.bn1.bias'], 0));
    t.true(all(of['model.bn1.running_mean'], 0) && all(of['model.bn1.running_var'], 1));
    for (const name of ['model.last_linear.weight', 'model.last_linear.bias']) {
      spreads(t, of[name], 1 / 8 / Math.sqrt(3), name);
      t.true(moments(of[name]).most <= 1 / 8);
    }
  });
});

test.serial('BN-Inception: PyTorch’s default for filters and biases', (t) => {
  withValues(network('Inception'), (of) => {
    const bound = 1 / Math.sqrt(128 * 9);
    spreads(t, of['model.inception_4c_3x3.weight'], bound / Math.sqrt(3), 'filter');
    spreads(t, of['model.inception_4c_3x3.bias'], bound / Math.sqrt(3), 'bias');
    t.true(moments(of['model.inception_4c_3x3.weight']).most <= bound);
  });
});

test.serial("transformers: timm's normals of .02, no biases; ViTS: an orthogonal last layer without bias", (t) => {
  withValues(network('ViTS', { embedding_size: 48 }), (of) => {
    for (const name of ['pos_embed', 'blocks.3.attn.qkv.weight', 'blocks.11.mlp.fc2.weight', 'cls_token'])
      spreads(t, of[`model.body.${name}`], 0.02, name);
    t.true(all(of['model.body.blocks.3.attn.qkv.bias'], 0) && all(of['model.body.norm.weight'], 1));
    spreads(t, of['model.body.patch_embed.proj.weight'], 1 / Math.sqrt(768 * 3), 'patches');
    t.true(all(of['model.last_layer.1.bias'], 0));
    const [inputs, outputs] = [384, 48];
    const w = of['model.last_layer.1.weight'];
    for (let i = 0; i < outputs; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k < inputs; k++) sum += w[k * outputs + i] * w[k * outputs + j];
        t.true(Math.abs(sum - (i === j ? 1 : 0)) < 1e-6);
      }
  });
});

test.serial('the new layers draw first: they begin alike whether or not weights are loaded after', (t) => {
  const [drawn, blank] = [network('SmallViT'), network('SmallViT', {}, { blank: true })];
  t.deepEqual(values(drawn)['model.last_linear.weight'], values(blank)['model.last_linear.weight']);
  t.true(all(values(blank)['model.pos_embed'], 0));
  t.deepEqual(values(network('SmallViT')), values(drawn));
});
