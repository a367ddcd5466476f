import * as tf from '../../src/tf.js';
import test from 'ava';
import { makeBackbone } from '../../src/backbones/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { makeEmbeddingLoss } from '../../src/losses/kernels/index.js';
import { tensorLoss, type EmbeddingLoss } from '../../src/losses/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { Aborted } from '../../src/training/learner.js';
import {
  embedMicroBatches,
  gradientInMicroBatches,
  type BatchLoss,
  type MicroBatch,
} from '../../src/training/images/micro-batches.js';

const [n, size, d] = [10, 32, 8];
const network = { name: 'SmallResNet', embedding_size: d, frozen_variables: 'bn' } as const;
const noTick = () => Promise.resolve();

function piecesOf(rows: number): MicroBatch[] {
  const pixels = new Float32Array(n * size * size * 3);
  new RandomStream(5, 'pictures').fillNormal(pixels, 0, 1);
  const each = size * size * 3;
  return Array.from({ length: Math.ceil(n / rows) }, (_, i) => {
    const data = pixels.subarray(i * rows * each, Math.min(n, (i + 1) * rows) * each);
    return { data, rows: data.length / each, size };
  });
}

function teachers() {
  const data = new Float32Array(n * 2 * 4);
  new RandomStream(6, 'teachers').fillNormal(data, 0, 1);
  return { data, count: 2, size: 4 };
}

const rowsLoss = (loss: EmbeddingLoss, asTensor: boolean): BatchLoss => ({
  at: (embeddings, rows, width) => loss.valueAndGradient(embeddings, rows, width, { teachers: teachers() }),
  ofTensor: asTensor ? loss.ofTensor?.(n, { teachers: teachers() }) : undefined,
});

const off = (a: Float32Array, b: Float32Array): number => {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    norm += b[i] ** 2;
  }
  return Math.sqrt(difference / norm);
};

test.serial(
  'the gradient in pieces is that of the whole batch, by host kernels and by tensor operations',
  async (t) => {
    const engine = await chooseEngine({ useGpu: false, engine: 'wasm' });
    const backbone = makeBackbone(network, { stream: new RandomStream(1, 'start') });
    const model = { ...network, loss_type: 'rkd', metric_mode: 'fraction_same_triplet_relation/max' } as const;
    const fused = makeEmbeddingLoss(model, true, engine, new RandomStream(2, 'loss'));
    const tensors = tensorLoss('rkd', {}, true);
    const whole = await gradientInMicroBatches(backbone, piecesOf(n), rowsLoss(tensors, true), noTick);
    for (const [loss, rows] of [
      [fused, n],
      [fused, 4],
      [tensors, 3],
      [fused, 1],
    ] as const) {
      const { value, gradients } = await gradientInMicroBatches(
        backbone,
        piecesOf(rows),
        rowsLoss(loss, false),
        noTick,
      );
      t.true(Math.abs(value - whole.value) < 1e-5 * Math.abs(whole.value), `${value} ${whole.value}`);
      gradients.forEach((gradient, i) => {
        const error = off(gradient.dataSync<'float32'>(), whole.gradients[i].dataSync<'float32'>());
        t.true(error < 2e-3, `${backbone.parameters[i].name}: ${error} in pieces of ${rows}`);
      });
      tf.dispose(gradients);
    }
    const before = tf.memory().numTensors;
    const again = await gradientInMicroBatches(backbone, piecesOf(4), rowsLoss(fused, false), noTick);
    t.is(tf.memory().numTensors, before + again.gradients.length);
    tf.dispose([again.gradients, whole.gradients]);
    backbone.dispose();
  },
);

test.serial('embeddings do not depend on the pieces', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const backbone = makeBackbone(network, { stream: new RandomStream(1, 'start') });
  const whole = await embedMicroBatches(backbone, piecesOf(n), false, noTick);
  t.true(off(await embedMicroBatches(backbone, piecesOf(3), false, noTick), whole) < 1e-5);
  for (let i = 0; i < n; i++) t.true(Math.abs(Math.hypot(...whole.subarray(i * d, (i + 1) * d)) - 1) < 1e-5);
  backbone.dispose();
});

test.serial('a step that is dropped leaves nothing behind, running statistics neither', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const backbone = makeBackbone({ ...network, frozen_variables: null }, { stream: new RandomStream(1, 'start') });
  const before = backbone.stateDict();
  const tensors = tf.memory().numTensors;
  const loss = rowsLoss(tensorLoss('rkd', {}, true), true);
  for (const last of [0, 1, 2]) {
    let ticks = 0;
    const tick = () => (ticks++ >= last ? Promise.reject(new Aborted()) : Promise.resolve());
    try {
      tf.dispose((await gradientInMicroBatches(backbone, piecesOf(n), loss, tick)).gradients);
      t.true(last > 0);
      break; // no further tick: the step is taken
    } catch (error) {
      t.true(error instanceof Aborted);
    }
    t.deepEqual(backbone.stateDict(), before);
  }
  t.notDeepEqual(backbone.stateDict(), before);
  t.is(tf.memory().numTensors, tensors);
  backbone.dispose();
});
