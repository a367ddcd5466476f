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
