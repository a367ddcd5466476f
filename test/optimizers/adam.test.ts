import * as tf from '../../src/tf.js';
import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { optimizers } from '../../src/optimizers/index.js';
import { testedEngines } from '../engine/tested-engines.js';

for (const [engine, name] of testedEngines.flatMap(
  (e) =>
    [
      [e, 'adam'],
      [e, 'adamw'],
    ] as const,
))
  test.serial(`${name} keeps the number of tensors and gives them back on ${engine}`, async (t) => {
    await chooseEngine({ useGpu: false, engine });
    const before = tf.memory().numTensors;
    const variable = tf.tidy(() => tf.variable(tf.ones([3, 2])));
    const parameter = { name: 'weight', variable: variable as tf.Variable, weightDecay: 0.1 };
    const optimizer = optimizers[name]([parameter], { learningRate: 0.1 });
    const settled = tf.memory().numTensors;
    for (let i = 0; i < 3; i++)
      tf.tidy(() => {
        optimizer.step([tf.ones([3, 2])]);
      });
    t.is(tf.memory().numTensors, settled);
    t.deepEqual(Object.keys(optimizer.tensors()), ['exp_avg.weight', 'exp_avg_sq.weight']);
    variable.dispose();
    optimizer.dispose();
    t.is(tf.memory().numTensors, before);
  });

for (const engine of testedEngines)
  test.serial(`decay is part of the gradient in Adam and a shrinkage beside it in AdamW, on ${engine}`, async (t) => {
    await chooseEngine({ useGpu: false, engine });
    const step = (name: 'adam' | 'adamw'): number => {
      const variable = tf.variable(tf.tensor1d([2]));
      const parameter = { name: 'w', variable: variable as tf.Variable, weightDecay: 0.5 };
      optimizers[name]([parameter], { learningRate: 0.1 }).step([tf.tensor1d([0])]);
      return variable.dataSync()[0];
    };
    t.true(Math.abs(step('adam') - (2 - 0.1)) < 1e-6); // the first step of Adam has size lr whatever the gradient's
    t.true(Math.abs(step('adamw') - 2 * (1 - 0.1 * 0.5)) < 1e-6); // no gradient: only the shrinkage
  });

for (const engine of testedEngines)
  test.serial(`a step changes no tensor that shares a weight's or moment's numbers, on ${engine}`, async (t) => {
    await chooseEngine({ useGpu: false, engine });
    const given = tf.tensor1d([1, 2, 3]);
    const variable = tf.variable(given) as tf.Variable;
    const optimizer = optimizers.adam([{ name: 'w', variable, weightDecay: 0 }], { learningRate: 0.1 });
    const step = (): void => {
      tf.tidy(() => {
        optimizer.step([tf.ones([3])]);
      });
    };
    step();
    t.deepEqual([...given.dataSync()], [1, 2, 3]);
    const ways: ((tensor: tf.Tensor) => tf.Tensor)[] = [
      (tensor) => tf.clone(tensor),
      (tensor) => tf.reshape(tensor, [3, 1]),
      (tensor) => tf.slice(tensor, 1, 2),
      (tensor) => tf.variable(tensor),
    ];
    for (const way of ways) {
      const copies = [variable, ...Object.values(optimizer.tensors())].map(way);
      const before = copies.map((copy) => [...copy.dataSync()]);
      step();
      t.deepEqual(copies.map((copy) => [...copy.dataSync()]), before, String(way)); // prettier-ignore
      tf.dispose(copies);
    }
    t.true(variable.dataSync()[0] < 0.6, 'the weight itself goes on');
    tf.dispose([given, variable]);
    optimizer.dispose();
  });

/** The weights after some steps, in double precision. */
function naive(
  weights: readonly number[],
  gradients: readonly number[][],
  decay: number,
  decoupled: boolean,
): number[] {
  const [rate, beta1, beta2] = [0.01, 0.9, 0.999];
  const [m, v, w] = [weights.map(() => 0), weights.map(() => 0), [...weights]];
  gradients.forEach((gradient, t) => {
    gradient.forEach((value, i) => {
      const g = decoupled ? value : value + decay * w[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      const step = m[i] / (1 - beta1 ** (t + 1)) / (Math.sqrt(v[i] / (1 - beta2 ** (t + 1))) + 1e-8);
      w[i] = (decoupled ? 1 - rate * decay : 1) * w[i] - rate * step;
    });
  });
  return w;
}

for (const engine of testedEngines)
  test.serial(`steps are those of the formula for parameters of any length, on ${engine}`, async (t) => {
    await chooseEngine({ useGpu: false, engine });
    const lengths = [1, 4, 7, 130];
    for (const name of ['adam', 'adamw'] as const) {
      const weights = lengths.map((length) => Array.from({ length }, (_, i) => Math.sin(i + length)));
      const gradients = [1, 2, 3].map((step) => weights.map((w) => w.map((_, i) => Math.cos(3 * i + step) / step)));
      const parameters = weights.map((w, i) => ({
        name: String(i),
        variable: tf.variable(tf.tensor1d(w)) as tf.Variable,
        weightDecay: 0.1 * i,
      }));
      const optimizer = optimizers[name](parameters, { learningRate: 0.01 });
      for (const given of gradients)
        tf.tidy(() => {
          optimizer.step(given.map((g) => tf.tensor1d(g)));
        });
      for (const [i, { variable, weightDecay }] of parameters.entries()) {
        const expected = naive(weights[i], gradients.map((given) => given[i]), weightDecay, name === 'adamw'); // prettier-ignore
        const actual = await variable.data();
        for (const [at, value] of expected.entries())
          t.true(Math.abs(actual[at] - value) < 2e-6, `${name}, ${lengths[i]}, ${at}: ${actual[at]}, not ${value}`);
      }
      optimizer.dispose();
      tf.dispose(parameters.map(({ variable }) => variable));
    }
  });
