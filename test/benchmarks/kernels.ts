import * as tf from '@tensorflow/tfjs';
import { chooseEngine } from '../../src/engine/index.js';
import { registerTrainingKernels, unregisterTrainingKernels } from '../../src/engine/wasm/kernels.js';
import { machine } from './machine.js';

// Usage: npx tsx test/benchmarks/kernels.ts. GFLOP/s (2 per multiplication and addition) of kernels that training
// needs, with the stock ones of TensorFlow.js ("before") and ours ("after"), in one process.

interface Work {
  readonly name: string;
  readonly flops: number;
  readonly run: () => tf.Tensor | tf.Tensor[];
}

async function milliseconds({ run }: Work): Promise<number | undefined> {
  const once = async (): Promise<void> => {
    const result = tf.tidy(run);
    await Promise.all((Array.isArray(result) ? result : [result]).map((tensor) => tensor.data()));
    tf.dispose(result);
  };
  try {
    await once();
  } catch {
    return undefined; // the stock backend lacks the kernel
  }
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < 1500) {
    await once();
    count++;
  }
  return (performance.now() - start) / count;
}

function convolution(size: number, side: number, channels: number, outputs: number): Work[] {
  const x = tf.randomNormal<tf.Rank.R4>([4, side, side, channels], 0, 1, 'float32', 1);
  const w = tf.randomNormal<tf.Rank.R4>([size, size, channels, outputs], 0, 1, 'float32', 2);
  const dy = tf.randomNormal<tf.Rank.R4>([4, side, side, outputs], 0, 1, 'float32', 3);
  const flops = 2 * 4 * side * side * channels * outputs * size * size;
  const name = `${size}x${size} convolution, 4 x ${side} x ${side} x ${channels} to ${outputs}`;
  const gradients = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same'));
  return [
    { name: `${name}, forward`, flops, run: () => tf.conv2d(x, w, 1, 'same') },
    { name: `${name}, forward and backward`, flops: 3 * flops, run: () => gradients([x, w], dy) },
  ];
}

function products(n: number): Work[] {
  const a = tf.randomNormal<tf.Rank.R2>([n, n], 0, 1, 'float32', 1);
  const b = tf.randomNormal<tf.Rank.R2>([n, n], 0, 1, 'float32', 2);
  const make = (name: string, ta: boolean, tb: boolean): Work => ({
    name: `matMul ${n} x ${n}, ${name}`,
    flops: 2 * n ** 3,
    run: () => tf.matMul(a, b, ta, tb),
  });
  return [make('plain', false, false), make('first transposed', true, false), make('second transposed', false, true)];
}

await chooseEngine({ useGpu: false, engine: 'wasm' });
const works = [...convolution(3, 28, 128, 128), ...convolution(1, 28, 256, 256), ...products(512)];
const rows: Record<string, string>[] = [];
for (const work of works) {
  unregisterTrainingKernels();
  const before = await milliseconds(work);
  registerTrainingKernels();
  const after = (await milliseconds(work))!;
  const rate = (ms: number | undefined): string =>
    ms === undefined ? 'no kernel' : (work.flops / ms / 1e6).toFixed(1);
  rows.push({ kernel: work.name, before: rate(before), after: rate(after) });
}
console.log(`${machine()}; GFLOP/s`);
console.table(rows);
