import * as tf from '../../src/tf.js';
import { chooseEngine } from '../../src/engine/index.js';
import { answer } from './child.js';

// Microseconds of small operations on an engine.

interface Question {
  readonly engine: string;
  readonly operation: string;
  readonly calls: number;
}

const operations: Record<string, (x: tf.Tensor, m: tf.Tensor2D) => tf.Tensor | undefined> = {
  add: (x) => tf.add(x, x),
  relu: (x) => tf.relu(x),
  reshape: (x) => tf.reshape(x, [2, 2]),
  sum: (x) => tf.sum(x),
  matMul: (_, m) => tf.matMul(m, m),
  read: (x) => void x.dataSync(),
  gradient: (x) => tf.grad((y) => tf.sum(tf.mul(y, y)))(x),
};

let current: string | undefined;

void answer(async ({ engine, operation, calls }: Question) => {
  if (current !== engine) await chooseEngine({ useGpu: false, engine });
  current = engine;
  const [x, m] = [tf.tensor1d([-1, 0, 1, 2]), tf.ones<tf.Rank.R2>([4, 4])];
  const work = operations[operation];
  const start = performance.now();
  for (let i = 0; i < calls; i++) work(x, m)?.dispose();
  const microseconds = (1000 * (performance.now() - start)) / calls;
  tf.dispose([x, m]);
  return { microseconds };
});
