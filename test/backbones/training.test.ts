import * as tf from '../../src/tf.js';
import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { disturb, lossAndGradients, network, pictures, step, values } from './networks.js';

test.before(() => chooseEngine({ useGpu: false, engine: 'wasm' }));

const cases = [
  ['SmallResNet', null],
  ['SmallResNet', 'bn'],
  ['SmallResNet', 'all'],
  ['SmallViT', null],
  ['SmallViT', 'all'],
] as const;

for (const [name, frozen] of cases)
  test.serial(
    `${name}, ${frozen ?? 'nothing'} frozen: steps leave no tensor behind and change what is trained alone`,
    (t) => {
      const backbone = network(name, { frozen_variables: frozen });
      disturb(backbone);
      const images = pictures(4, 32);
      const before = values(backbone);
      const losses: number[] = [];
      let tensors = 0;
      let bytes = 0;
      for (let i = 0; i < 4; i++) {
        const { loss, gradients } = lossAndGradients(backbone, images, true);
        step(backbone, gradients, 0.05);
        losses.push(loss);
        backbone.embed(images, false).dispose();
        if (i > 0) t.deepEqual([tf.memory().numTensors, tf.memory().numBytes], [tensors, bytes]);
        ({ numTensors: tensors, numBytes: bytes } = tf.memory());
      }
      t.true(losses[3] < losses[0], losses.join());
      const after = values(backbone);
      const changed = Object.keys(before).filter(
        (key) => !tf.util.arraysEqual(before[key] as never, after[key] as never),
      );
      const trained = backbone.parameters.filter(({ trainable }) => trainable).map((parameter) => parameter.name);
      const running = frozen === null ? backbone.buffers.map((buffer) => buffer.name) : [];
      t.deepEqual(changed.sort(), [...trained, ...running].sort());
      t.is(backbone.usesBatchStatistics, name === 'SmallResNet' && frozen === null);
      if (frozen === 'all') t.deepEqual(trained, ['model.last_linear.weight', 'model.last_linear.bias']);
      else t.is(trained.length, backbone.parameters.length);
      images.dispose();
      const left = tf.memory().numTensors - backbone.parameters.length - backbone.buffers.length;
      backbone.dispose();
      t.is(tf.memory().numTensors, left);
    },
  );

test.serial('rows do not depend on each other where the network says so', (t) => {
  for (const [name, frozen] of [
    ['SmallResNet', 'bn'],
    ['SmallResNet', null],
    ['SmallViT', null],
  ] as const) {
    // prettier-ignore
    const backbone = network(name, { frozen_variables: frozen });
    const images = pictures(4, 32);
    const [whole, first] = tf.tidy(() => [
      backbone.embed(images, true).arraySync()[1],
      backbone.embed(tf.slice(images, [1, 0, 0, 0], [2, -1, -1, -1]), true).arraySync()[0],
    ]);
    const off = Math.max(...whole.map((value, i) => Math.abs(value - first[i])));
    if (backbone.usesBatchStatistics) t.true(off > 1e-3);
    else t.true(off < 1e-5, `${name}: ${off}`);
    images.dispose();
    backbone.dispose();
  }
});

test.serial('which parameters of the large networks are trained', (t) => {
  const trained = (backbone: ReturnType<typeof network>) => {
    const names = backbone.parameters.filter(({ trainable }) => !trainable).map(({ name }) => name);
    const { usesBatchStatistics: usesBatchStatistics } = backbone;
    backbone.dispose();
    return { fixed: names, usesBatchStatistics };
  };
  const blank = { blank: true };
  t.deepEqual(trained(network('ViTS', { frozen_variables: 'all' }, blank)), {
    fixed: ['model.body.patch_embed.proj.weight', 'model.body.patch_embed.proj.bias'],
    usesBatchStatistics: false,
  });
  t.deepEqual(trained(network('ViT', { frozen_variables: 'bn' }, blank)), { fixed: [], usesBatchStatistics: false });
  t.is(trained(network('ViT', { frozen_variables: 'all' }, blank)).fixed.length, 150);
  t.deepEqual(trained(network('ResNet50', { frozen_variables: null }, blank)), {
    fixed: [],
    usesBatchStatistics: true,
  });
  t.is(trained(network('ResNet50', { frozen_variables: 'all' }, blank)).fixed.length, 159);
  t.deepEqual(trained(network('Inception', { frozen_variables: 'bn' }, blank)), {
    fixed: [],
    usesBatchStatistics: false,
  });
});

test.serial('pictures of a size that a network cannot take are refused', (t) => {
  const vit = network('SmallViT');
  const small = pictures(1, 30);
  t.throws(() => vit.embed(small, false), { message: /^invalid pictures: 30 x 30 x 3; SmallViT needs any multiple of 8 x 3, set preprocessing\.image_size$/ }); // prettier-ignore
  const large = network('ViT', {}, { blank: true });
  t.throws(() => large.embed(small, false), { message: /needs 224 x 224 x 3/ });
  t.throws(() => network('Psycho'), { message: /^unknown image network: Psycho; one of: ResNet50, / });
  for (const one of [vit, large, small]) one.dispose();
});
