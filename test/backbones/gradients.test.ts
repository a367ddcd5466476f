import * as tf from '../../src/tf.js';
import test from 'ava';
import type { Backbone } from '../../src/backbones/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { disturb, lossAndGradients, network, pictures, scalar } from './networks.js';

const wasm = () => chooseEngine({ useGpu: false, engine: 'wasm' });

const norm = (a: Float32Array) => Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));

/** (f(w + h d) - f(w - h d)) / 2 h */
function difference(
  backbone: Backbone,
  name: string,
  direction: Float32Array,
  images: tf.Tensor4D,
  training: boolean,
): number {
  const { variable } = backbone.parameters.find((parameter) => parameter.name === name)!;
  const before = variable.dataSync().slice();
  const h = 4e-3;
  const at = (sign: number) => {
    tf.tidy(() => {
      variable.assign(tf.tensor(before.map((value, i) => value + sign * h * direction[i]), variable.shape)); // prettier-ignore
    });
    return tf.tidy(() => scalar(backbone, images, training).dataSync()[0]);
  };
  const slope = (at(1) - at(-1)) / (2 * h);
  at(0);
  return slope;
}

const cases = [
  { name: 'SmallResNet', frozen: null, side: 32 },
  { name: 'SmallResNet', frozen: 'bn', side: 40 },
  { name: 'SmallViT', frozen: null, side: 64 },
  { name: 'SmallViT', frozen: null, side: 32 },
] as const;

for (const { name, frozen, side } of cases)
  test.serial(
    `${name} (${frozen ?? 'nothing'} frozen, ${side}): gradients agree with differences, and with plain JavaScript's`,
    async (t) => {
      await wasm();
      const backbone = network(name, { frozen_variables: frozen });
      disturb(backbone);
      const images = pictures(3, side);
      const { loss, gradients } = lossAndGradients(backbone, images, true);
      const stream = new RandomStream(8);
      for (const [parameter, gradient] of Object.entries(gradients)) {
        const size = norm(gradient);
        t.true(size > 1e-4, `${parameter} has the gradient ${size}`);
        // along the gradient, and as much across it
        const noise = new Float32Array(gradient.length);
        stream.fillNormal(noise, 0, 1 / Math.sqrt(gradient.length));
        const direction = gradient.map((value, i) => value / size + noise[i]);
        const expected = direction.reduce((sum, value, i) => sum + value * gradient[i], 0);
        const actual = difference(backbone, parameter, direction, images, true);
        t.true(Math.abs(actual - expected) <= 0.03 * Math.abs(expected) + 4e-4, `${parameter}: ${expected}, difference ${actual}`); // prettier-ignore
      }
      await chooseEngine({ useGpu: false, engine: 'javascript' });
      const plain = lossAndGradients(backbone, images, true);
      await wasm();
      t.true(Math.abs(loss - plain.loss) < 1e-4);
      for (const [parameter, gradient] of Object.entries(gradients)) {
        const off = norm(gradient.map((value, i) => value - plain.gradients[parameter][i]));
        t.true(off <= 2e-3 * norm(gradient) + 1e-5, `${parameter}: off by ${off} of ${norm(gradient)}`);
      }
      images.dispose();
      backbone.dispose();
    },
  );

test.serial('linear layers behind the last one of ResNet50 end in relu', async (t) => {
  await wasm();
  const backbone = network('ResNet50', { num_nonlinearity_layers: 2, frozen_variables: 'all', embedding_size: 24 });
  const images = pictures(2, 32);
  const names = backbone.parameters.filter(({ trainable }) => trainable).map(({ name }) => name);
  t.deepEqual(names, [
    'model.last_linear.weight',
    'model.last_linear.bias',
    'final_nonlinearity_layers.0.weight',
    'final_nonlinearity_layers.0.bias',
    'final_nonlinearity_layers.2.weight',
    'final_nonlinearity_layers.2.bias',
  ]);
  const rows = tf.tidy(() => backbone.embed(images, false).arraySync());
  for (const row of rows) {
    t.true(row.every((value) => value >= 0));
    t.true(row.some((value) => value === 0));
    t.true(Math.abs(Math.hypot(...row) - 1) < 1e-5);
  }
  const { gradients } = lossAndGradients(backbone, images, true);
  const name = 'final_nonlinearity_layers.0.bias';
  const direction = gradients[name].map((value) => value / norm(gradients[name]));
  const actual = difference(backbone, name, direction, images, true);
  t.true(Math.abs(actual - norm(gradients[name])) < 0.03 * actual);
  images.dispose();
  backbone.dispose();
});
