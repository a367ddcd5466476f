import * as tf from '../../src/tf.js';
import test from 'ava';
import type { NamedArrays } from '../../src/backbones/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { UsageError } from '../../src/errors.js';
import { toFloat32, type NdArray } from '../../src/formats/nd-array.js';
import { RandomStream } from '../../src/random/stream.js';
import { disturb, network, pictures, values } from './networks.js';

test.before(() => chooseEngine({ useGpu: false, engine: 'wasm' }));

const message = (work: () => void): string => {
  try {
    work();
    return '';
  } catch (error) {
    return error instanceof UsageError ? error.message : `no UsageError: ${String(error)}`;
  }
};

const array = (shape: number[], value = 0): NdArray => ({ dtype: 'float32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) }); // prettier-ignore

test.serial('filters and matrices lie as in PyTorch, and come back as they were', (t) => {
  for (const name of ['SmallResNet', 'SmallViT'] as const) {
    const [backbone, other] = [network(name), network(name, {}, { stream: new RandomStream(77) })];
    disturb(backbone);
    const state = backbone.stateDict();
    for (const { name: key, variable } of backbone.parameters) {
      const { shape, data } = state[key];
      const ours = variable.dataSync();
      if (shape.length === 4) {
        const [o, c, h, w] = shape;
        t.deepEqual(variable.shape, [h, w, c, o]);
        const at = (i: number, j: number, k: number, l: number) => [((i * c + j) * h + k) * w + l, ((k * w + l) * c + j) * o + i]; // prettier-ignore
        for (const [theirs, mine] of [
          at(0, 0, 0, 0),
          at(o - 1, c - 1, h - 1, 0),
          at(3, 1, 0, w - 1),
          at(5, 0, h - 1, w - 1),
        ])
          // prettier-ignore
          t.is(data[theirs], ours[mine]);
      } else if (shape.length === 2) {
        t.deepEqual(variable.shape, [shape[1], shape[0]]);
        t.is(data[1 * shape[1] + 3], ours[3 * shape[0] + 1]);
      } else t.deepEqual([...data], [...ours]);
    }
    other.loadStateDict(state, 'here');
    t.deepEqual(values(other), values(backbone));
    const images = pictures(2, 32);
    t.deepEqual(...(tf.tidy(() => [backbone.embed(images, false).arraySync(), other.embed(images, false).arraySync()]) as [unknown, unknown])); // prettier-ignore
    for (const one of [backbone, other, images]) one.dispose();
  }
});

test.serial('what is missing, surplus or wrongly shaped is listed in one line, and nothing has changed', (t) => {
  const backbone = network('SmallResNet');
  const before = values(backbone);
  const state: Record<string, NdArray> = { ...backbone.stateDict() };
  delete state['model.layer2.0.bn1.weight'];
  state['fc.weight'] = array([10, 64]);
  state['model.conv1.weight'] = array([16, 3, 7, 7]);
  state['model.layer1.0.conv1.weight'] = array([16, 16, 3, 3], 5);
  state['model.last_linear.bias'] = array([]);
  t.is(
    message(() => {
      backbone.loadStateDict(state, 'run/checkpoint');
    }),
    'weights that do not fit: run/checkpoint: of 92 tensors 1 missing (model.layer2.0.bn1.weight), 1 surplus (fc.weight), ' +
      '2 of another shape (model.last_linear.bias: scalar instead of 6, model.conv1.weight: 16 x 3 x 7 x 7 instead of 16 x 3 x 3 x 3); ' +
      'give weights of this network',
  );
  t.deepEqual(values(backbone), before);
  const none = message(() => {
    backbone.loadStateDict({}, 'x');
  });
  t.regex(none, /of 92 tensors 77 missing \(([^,]+, ){4}[^,]+, and 72 more\); give weights/);
  backbone.dispose();
});

test.serial('counts of batches may be missing, are 64-bit integers, and half precision is read', (t) => {
  const backbone = network('SmallResNet');
  const state = backbone.stateDict();
  const key = 'model.bn1.num_batches_tracked';
  t.deepEqual(state[key], { dtype: 'int64', shape: [], data: BigInt64Array.of(0n) });
  const older = Object.fromEntries(Object.entries(state).filter(([name]) => !name.endsWith('num_batches_tracked')));
  backbone.loadStateDict(older, 'x');
  const half: NdArray = { dtype: 'float16', shape: [16], data: new Uint16Array(16).fill(0x3e00) };
  const counted: NdArray = { dtype: 'int64', shape: [], data: BigInt64Array.of(41n) };
  backbone.loadStateDict({ ...state, [key]: counted, 'model.bn1.weight': half }, 'x');
  t.deepEqual(backbone.stateDict()[key].data, BigInt64Array.of(41n));
  t.deepEqual(backbone.stateDict()['model.bn1.weight'].data, new Float32Array(16).fill(1.5));
  backbone.dispose();
});

test.serial('pretrained weights are taken without their classifier, and the new layers stay', (t) => {
  const [from, to] = [
    network('SmallViT'),
    network('SmallViT', { embedding_size: 9 }, { stream: new RandomStream(31) }),
  ];
  disturb(from);
  const strip = (state: NamedArrays) =>
    Object.fromEntries(
      Object.entries(state).flatMap(([name, value]) =>
        name.startsWith('model.last_linear') ? [] : [[name.slice('model.'.length), value]],
      ),
    );
  const head = values(to)['model.last_linear.weight'];
  const weights = { ...strip(from.stateDict()), 'head.weight': array([1000, 64]), 'head.bias': array([1000]) };
  to.loadPretrained(weights, 'x');
  t.deepEqual(strip(to.stateDict()), strip(from.stateDict()));
  t.deepEqual(values(to)['model.last_linear.weight'], head);
  const complaint = message(() => {
    to.loadPretrained({ ...weights, 'layer1.0.conv1.weight': array([1]) }, 'resnet.pth');
  });
  t.regex(complaint, /^weights that do not fit: resnet\.pth: .* 1 surplus \(layer1\.0\.conv1\.weight\)/);
  from.dispose();
  to.dispose();
});

test.serial("ResNet50 has the original's second names for its stages; loaded, the second ones count", (t) => {
  const backbone = network('ResNet50', {}, { blank: true });
  const state = backbone.stateDict();
  t.is(Object.keys(state).length, 320);
  const complete = backbone.stateDict({ complete: true });
  t.is(Object.keys(complete).length, 632);
  t.is(complete['layer_blocks.2.5.bn3.bias'].data, complete['model.layer3.5.bn3.bias'].data);
  const [name, alias] = ['model.layer3.5.bn3.bias', 'layer_blocks.2.5.bn3.bias'];
  backbone.loadStateDict({ ...complete, [name]: array([1024], 1), [alias]: array([1024], 2) }, 'x');
  t.is(toFloat32(backbone.stateDict()[name])[0], 2);
  backbone.dispose();
});
