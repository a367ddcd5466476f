import { readFileSync } from 'node:fs';
import test from 'ava';
import { UsageError } from '../../../src/errors.js';
import type { NdArray } from '../../../src/formats/nd-array.js';
import { fromKerasResNet50 } from '../../../src/backbones/weights/keras-resnet50.js';
import { permute } from '../../../src/backbones/weights/permute.js';
import type { PretrainedModel } from '../../../src/backbones/weights/registry.js';
import { fromTorchNames } from '../../../src/backbones/weights/torch-names.js';
import { counting, refusal } from './folders.js';

interface Golden {
  cases: { model: PretrainedModel; state_dict: [string, number[]][] }[];
}
const cases = ['backbones', 'vit_tiny'].flatMap(
  (name) => (JSON.parse(readFileSync(`test/golden/${name}.json`, 'utf8')) as Golden).cases,
);
/** Names of the original's state dict. */
const original = (model: PretrainedModel): [string, number[]][] => cases.find((one) => one.model === model)!.state_dict;
const empty = (shape: readonly number[]): NdArray => ({ dtype: 'float32', shape, data: new Float32Array(0) });

test('axes move with their elements', (t) => {
  const array = counting([2, 3, 4, 5]);
  const moved = permute(array, [3, 2, 0, 1]);
  t.deepEqual(moved.shape, [5, 4, 2, 3]);
  for (let h = 0; h < 2; h++)
    for (let w = 0; w < 3; w++)
      for (let i = 0; i < 4; i++)
        for (let o = 0; o < 5; o++)
          t.is(moved.data[((o * 4 + i) * 2 + h) * 3 + w], array.data[((h * 3 + w) * 4 + i) * 5 + o]);
  t.deepEqual(permute(counting([0, 3]), [1, 0]).shape, [3, 0]);
});

test("Keras' names become torchvision's: all of the original's layers, and biases besides", (t) => {
  const arrays = new Map<string, NdArray>();
  const normalization = (name: string) => {
    for (const part of ['gamma', 'beta', 'moving_mean', 'moving_variance']) arrays.set(`${name}/${part}`, empty([1]));
  };
  const convolution = (name: string) => {
    arrays.set(`${name}/kernel`, empty([1, 1, 0, 0]));
    arrays.set(`${name}/bias`, empty([1]));
  };
  convolution('conv1');
  normalization('bn_conv1');
  Object.entries({ 2: 'abc', 3: 'abcd', 4: 'abcdef', 5: 'abc' }).forEach(([stage, blocks]) => {
    for (const block of blocks)
      for (const branch of block === 'a' ? ['2a', '2b', '2c', '1'] : ['2a', '2b', '2c']) {
        convolution(`res${stage}${block}_branch${branch}`);
        normalization(`bn${stage}${block}_branch${branch}`);
      }
  });
  arrays.set('fc1000/kernel', empty([0, 0])).set('fc1000/bias', empty([0]));
  const { tensors, dropped } = fromKerasResNet50(arrays, 'model.json');
  const names = original('ResNet50')
    .map(([name]) => name)
    .filter((name) => name.startsWith('model.') && !/num_batches_tracked|last_linear/.test(name))
    .map((name) => name.slice('model.'.length));
  const biases = names
    .filter((name) => /(conv\d|downsample\.0)\.weight$/.test(name))
    .map((name) => name.replace('weight', 'bias'));
  t.is(biases.length, 53);
  t.deepEqual(Object.keys(tensors).sort(), [...names, ...biases].sort());
  t.deepEqual(dropped, ['fc1000/kernel', 'fc1000/bias']);
});

test("each of Keras' layers goes to its place, kernels in PyTorch's order", (t) => {
  const given = {
    'res3a_branch1/kernel': counting([1, 1, 2, 3]),
    'bn3a_branch1/moving_mean': counting([3], 10),
    'res4f_branch2b/kernel': counting([3, 3, 2, 2]),
    'bn5c_branch2c/gamma': counting([4], 20),
    'bn2b_branch2a/beta': counting([4], 30),
    'bn_conv1/moving_variance:0': counting([4], 40),
  };
  const { tensors } = fromKerasResNet50(new Map(Object.entries(given)), 'model.json');
  t.deepEqual(Object.keys(tensors), [
    'layer2.0.downsample.0.weight',
    'layer2.0.downsample.1.running_mean',
    'layer3.5.conv2.weight',
    'layer4.2.bn3.weight',
    'layer1.1.bn1.bias',
    'bn1.running_var',
  ]);
  t.deepEqual(tensors['layer2.0.downsample.0.weight'], {
    dtype: 'float32',
    shape: [3, 2, 1, 1],
    data: Float32Array.of(0, 3, 1, 4, 2, 5),
  });
  t.is(tensors['layer3.5.conv2.weight'].data[1], 4, '[0, 0, 0, 1] is kernel [0, 1, 0, 0]');
  t.deepEqual([...tensors['layer2.0.downsample.1.running_mean'].data], [10, 11, 12]);
});

test('weights of another network are refused, naming what is foreign', async (t) => {
  const say = (names: string[]) =>
    refusal(t, () => fromKerasResNet50(new Map(names.map((name) => [name, empty([1])])), 'x/model.json'));
  t.regex(
    await say(['conv_dw_1/kernel']),
    /^weights that do not fit: x\/model\.json: not of Keras' ResNet-50: it has conv_dw_1\/kernel;/,
  );
  t.regex(await say(['conv1/kernel']), /it has conv1\/kernel;/, 'a kernel of one axis');
  t.regex(await say(['bn_conv1/delta', 'res2a_branch3a/kernel', 'a', 'b', 'c', 'd']), /a, b, c, and 1 more/);
  t.regex(await say([]), /it has none of its tensors/);
});

for (const model of ['ResNet50', 'Inception', 'ViT', 'ViTS', 'ViTTi'] as const)
  test(`${model}: a trained model's state dict becomes the backbone's own, without its last layers`, (t) => {
    const state = original(model);
    const arrays = new Map(state.map(([name, shape]) => [`module.${name}`, empty(shape)]));
    const { tensors, dropped } = fromTorchNames(arrays, model, 'a.pth');
    const last = /^model\.(last_linear|last_layer\.1)\./;
    const expected = state.filter(([name]) => name.startsWith('model.') && !last.test(name));
    t.deepEqual(
      Object.entries(tensors).map(([name, { shape }]) => [name, shape]),
      expected.map(([name, shape]) => [name.replace(/^model\.(body\.)?/, ''), shape]),
    );
    t.is(dropped.filter((name) => !name.includes('layer_blocks')).length, 2);
  });

test('published names stay; classifiers go; old vectors of batch normalization lose their first axis', (t) => {
  const arrays = new Map(
    Object.entries({
      'conv1_7x7_s2.weight': counting([1, 2, 1, 1]),
      'conv1_7x7_s2_bn.weight': counting([1, 3]),
      'conv1_7x7_s2_bn.running_var': counting([3]),
      'conv1_7x7_s2.bias': counting([1, 3]),
      'last_linear.weight': counting([5, 2]),
      'last_linear.bias': counting([5]),
    }),
  );
  const { tensors, dropped } = fromTorchNames(arrays, 'Inception', 'a.pth');
  t.deepEqual(tensors['conv1_7x7_s2_bn.weight'], counting([3]));
  t.deepEqual(tensors['conv1_7x7_s2.bias'].shape, [1, 3], 'only what belongs to a normalization');
  t.deepEqual(tensors['conv1_7x7_s2.weight'], counting([1, 2, 1, 1]));
  t.deepEqual(dropped, ['last_linear.weight', 'last_linear.bias']);
  const resnet = new Map(
    Object.entries({
      'fc.weight': counting([1]),
      'bn1.weight': counting([1, 2]),
      'final_nonlinearity_layers.0.bias': counting([2]),
    }),
  );
  t.deepEqual(fromTorchNames(resnet, 'ResNet50', 'a').tensors, { 'bn1.weight': counting([2]) });
  const vit = new Map(Object.entries({ 'head.weight': counting([1]), 'blocks.0.norm1.weight': counting([2]) }));
  t.deepEqual(Object.keys(fromTorchNames(vit, 'ViT', 'a').tensors), ['blocks.0.norm1.weight']);
});

test("what trainers and wrappers put before a network's names is taken off", (t) => {
  const names = original('ViT').map(([name]) => name.replace(/^model\./, ''));
  const own = names.filter((name) => !/^(head|pre_logits|last_linear)\./.test(name));
  const renamed = (prefix: string, others: readonly string[] = []): string[] => {
    const arrays = new Map([...own.map((name) => prefix + name), ...others].map((name) => [name, empty([0])]));
    return Object.keys(fromTorchNames(arrays, 'ViT', 'a.pth').tensors);
  };
  for (const prefix of [
    'module.',
    '_orig_mod.',
    'backbone.',
    'model.',
    'module.model.',
    '_orig_mod.module.',
    'module._orig_mod.',
    'model._orig_mod.',
    'model.backbone.',
    'module._orig_mod.model.encoder.',
    'ema.',
    'ema_model.module.',
  ])
    t.deepEqual(renamed(prefix), own, prefix);
  const averaged = own.map((name) => `ema_model.${name}`);
  t.deepEqual(renamed('model.', averaged), own, 'averages beside the others are left out');
  t.deepEqual(renamed('module.', ['n_averaged']), own);
  t.throws(() => renamed('model.', own), {
    instanceOf: UsageError,
    message: /it has .*, and \d+ more; give weights of this network/,
  });
});
