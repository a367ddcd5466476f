import * as tf from '../../src/tf.js';
import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { toFloat32 } from '../../src/formats/nd-array.js';
import { disturb, network, pictures } from './networks.js';

test.before(() => chooseEngine({ useGpu: false, engine: 'wasm' }));

test.serial('the original form of ResNet-50 computes what Keras describes, layer by layer', (t) => {
  const backbone = network('ResNet50', { frozen_variables: 'bn' }, { variant: 'keras' });
  disturb(backbone);
  const state = backbone.stateDict();
  const images = pictures(2, 64);
  const expected = tf.tidy(() => {
    const tensor = (name: string) => tf.tensor(toFloat32(state[`model.${name}`]), [...state[`model.${name}`].shape]);
    const conv = (x: tf.Tensor4D, name: string, strides: number, pad: 'same' | 'valid') =>
      tf.add(tf.conv2d(x, tf.transpose(tensor(`${name}.weight`), [2, 3, 1, 0]) as tf.Tensor4D, strides, pad), tensor(`${name}.bias`)); // prettier-ignore
    const norm = (x: tf.Tensor, name: string) => {
      const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) => tensor(`${name}.${part}`) as tf.Tensor1D); // prettier-ignore
      return tf.batchNorm(x as tf.Tensor4D, mean, variance, shift, scale, 1e-3) as tf.Tensor4D;
    };
    const pad = (x: tf.Tensor4D, by: number) => tf.pad(x, [[0, 0], [by, by], [by, by], [0, 0]]); // prettier-ignore
    const rgb = tf.mul(tf.add(tf.mul(images, [0.229, 0.224, 0.225]), [0.485, 0.456, 0.406]), 255);
    const bgr = tf.sub(tf.reverse(rgb, 3), [103.939, 116.779, 123.68]) as tf.Tensor4D;
    let x = tf.relu(norm(conv(pad(bgr, 3), 'conv1', 2, 'valid'), 'bn1'));
    x = tf.maxPool(pad(x, 1), 3, 2, 'valid');
    [3, 4, 6, 3].forEach((blocks, stage) => {
      for (let block = 0; block < blocks; block++) {
        const name = `layer${stage + 1}.${block}`;
        const stride = stage > 0 && block === 0 ? 2 : 1;
        let y = tf.relu(norm(conv(x, `${name}.conv1`, stride, 'valid'), `${name}.bn1`));
        y = tf.relu(norm(conv(y, `${name}.conv2`, 1, 'same'), `${name}.bn2`));
        y = norm(conv(y, `${name}.conv3`, 1, 'valid'), `${name}.bn3`);
        const beside = block > 0 ? x : norm(conv(x, `${name}.downsample.0`, stride, 'valid'), `${name}.downsample.1`);
        x = tf.relu(tf.add(y, beside));
      }
    });
    const features = tf.mean(x, [1, 2]);
    const last = tf.add(tf.matMul(features as tf.Tensor2D, tensor('last_linear.weight') as tf.Tensor2D, false, true), tensor('last_linear.bias')); // prettier-ignore
    return tf.div(last, tf.norm(last, 2, 1, true)).arraySync() as number[][];
  });
  const actual = tf.tidy(() => backbone.embed(images, true).arraySync());
  actual.forEach((row, i) => {
    const off = Math.max(...row.map((value, k) => Math.abs(value - expected[i][k])));
    t.true(off < 1e-4, `row ${i} is off by ${off}`);
  });
  const torch = network('ResNet50', {}, { blank: true });
  const names = new Set(torch.parameters.map(({ name }) => name));
  const more = backbone.parameters.map(({ name }) => name).filter((name) => !names.has(name));
  t.is(more.length, 53);
  t.true(more.every((name) => /(conv\d|downsample\.0)\.bias$/.test(name)));
  for (const one of [backbone, torch, images]) one.dispose();
});
