// What the training kernels of the WASM engine gain, in GFLOP/s (billions of multiplications and additions a second).
//
// Options: seconds=1 for each number. Before: TensorFlow.js's own kernels, one thread; where it has none, the computation
// put together from those it has, one matrix product for each tap of the filter. After: ours, one thread in both forms,
// and all threads in the faster one. Each number is the best of several rounds, and weights are new tensors in each, as
// they are after a training step.
import * as tf from '../../src/tf.js';
import { threadCount } from '../../src/engine/machine.js';
import { createBackend } from '../../src/engine/wasm/backend.js';
import { usesRelaxedSimd } from '../../src/engine/wasm/relaxed-simd.js';
import { setThreads } from '../../src/engine/wasm/machine.js';
import { registerTrainingKernels, unregisterTrainingKernels } from '../../src/engine/wasm/kernels.js';
import { isQuick, numberOf, Rows, type Options, type Report } from './report.js';

interface Convolution {
  readonly batch: number;
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly filter: number;
  readonly stride: number;
}

type Work = () => tf.Tensor | tf.Tensor[];

interface Measure {
  readonly label: string;
  readonly operations: number;
  readonly work: Work;
  /** What is measured before, where it is another computation. */
  readonly before?: Work;
}

/** The gradient by the filter, of operations that TensorFlow.js has kernels for. */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filter: number, stride: number): tf.Tensor {
  return tf.tidy(() => {
    const [batch, size, , inputs] = x.shape;
    const [, out, , outputs] = dy.shape;
    const total = Math.max(0, (out - 1) * stride + filter - size);
    const [before, after] = [Math.floor(total / 2), Math.ceil(total / 2)];
    const padded = tf.pad(x, [[0, 0], [before, after], [before, after], [0, 0]]); // prettier-ignore
    const flat = tf.reshape(dy, [batch * out * out, outputs]);
    const reach = (out - 1) * stride + 1;
    const taps = Array.from({ length: filter * filter }, (_, tap) => {
      const [i, j] = [Math.floor(tap / filter), tap % filter];
      const end = [batch, i + reach, j + reach, inputs];
      const pixels = tf.stridedSlice(padded, [0, i, j, 0], end, [1, stride, stride, 1]);
      return tf.matMul(tf.transpose(tf.reshape(pixels, [batch * out * out, inputs])), flat);
    });
    return tf.reshape(tf.stack(taps), [filter, filter, inputs, outputs]);
  });
}

/** The kernels one by one, and a training step of the layer: value and both gradients. */
function convolutionRows({ batch, size, inputs, outputs, filter, stride }: Convolution): Measure[] {
  const out = Math.ceil(size / stride);
  const x = tf.randomNormal<tf.Rank.R4>([batch, size, size, inputs], 0, 1, 'float32', 1);
  const dy = tf.randomNormal<tf.Rank.R4>([batch, out, out, outputs], 0, 1, 'float32', 2);
  const initial = tf.randomNormal<tf.Rank.R4>([filter, filter, inputs, outputs], 0, 1, 'float32', 3);
  const weights = () => tf.mul(initial, 1) as tf.Tensor4D;
  const attrs = { strides: stride, pad: 'same', dataFormat: 'NHWC', dimRoundingMode: undefined };
  const run = (name: string, named: tf.NamedTensorMap, more: object) =>
    tf.engine().runKernel(name, named, { ...attrs, ...more } as never);
  const value: Work = () => tf.tidy(() => tf.conv2d(x, weights(), stride, 'same'));
  const byInput: Work = () =>
    tf.tidy(() => run('Conv2DBackpropInput', { dy, filter: weights() }, { inputShape: x.shape }) as tf.Tensor);
  const byFilter: Work = () => run('Conv2DBackpropFilter', { x, dy }, { filterShape: initial.shape }) as tf.Tensor;
  const composed: Work = () => filterGradient(x, dy, filter, stride);
  const all =
    (...works: Work[]): Work =>
    () =>
      works.flatMap((work) => work());
  const operations = 2 * batch * out * out * filter * filter * inputs * outputs;
  const label = `${filter}x${filter}, ${inputs} -> ${outputs}, ${batch} x ${size} x ${size}${stride > 1 ? `, stride ${stride}` : ''}`;
  return [
    { label: `${label}: forward + backward`, operations: 3 * operations, work: all(value, byInput, byFilter), before: all(value, byInput, composed) }, // prettier-ignore
    { label: '  forward', operations, work: value },
    { label: '  backward, by the input', operations, work: byInput },
    { label: '  backward, by the filter', operations, work: byFilter, before: composed },
  ];
}

function productRows(m: number, k: number, n: number, batch?: number): Measure[] {
  const shape = (rows: number, columns: number) => (batch === undefined ? [rows, columns] : [batch, rows, columns]);
  return [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ].map(([transposeA, transposeB]) => {
    // prettier-ignore
    const a = tf.randomNormal(transposeA ? shape(k, m) : shape(m, k), 0, 1, 'float32', 1);
    const b = tf.randomNormal(transposeB ? shape(n, k) : shape(k, n), 0, 1, 'float32', 2);
    const sizes = `${batch === undefined ? '' : `${batch} times `}${m} x ${k} x ${n}`;
    return {
      label: `matMul ${transposeA ? 'A^T' : 'A'} ${transposeB ? 'B^T' : 'B'}, ${sizes}`,
      operations: 2 * m * k * n * (batch ?? 1),
      work: () => tf.tidy(() => tf.matMul(a, tf.mul(b, 1), transposeA, transposeB)),
    };
  });
}

/** The best rate of several rounds. */
function rate({ operations, work }: Pick<Measure, 'operations' | 'work'>, seconds: number): number {
  let best = Infinity;
  const start = performance.now();
  for (let round = 0; round < 3 || performance.now() - start < 1000 * seconds; round++) {
    const before = performance.now();
    tf.dispose(work());
    best = Math.min(best, performance.now() - before);
  }
  return operations / best / 1e6;
}

/** Before and after, kernel by kernel. */
export async function benchmarkKernels(options: Options): Promise<Report> {
  const seconds = numberOf(options, 'seconds', 1, 0.01);
  const threads = threadCount();
  const relaxed = usesRelaxedSimd();
  const backend = await createBackend(threads > 1);
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => backend);
  await tf.setBackend('wasm');
  const cases: Convolution[] = [
    { batch: 8, size: 56, inputs: 64, outputs: 64, filter: 3, stride: 1 },
    { batch: 8, size: 14, inputs: 256, outputs: 256, filter: 3, stride: 1 },
    { batch: 8, size: 56, inputs: 128, outputs: 128, filter: 3, stride: 2 },
    { batch: 8, size: 56, inputs: 64, outputs: 256, filter: 1, stride: 1 },
    { batch: 8, size: 14, inputs: 1024, outputs: 256, filter: 1, stride: 1 },
    { batch: 8, size: 56, inputs: 256, outputs: 512, filter: 1, stride: 2 },
  ];
  const all = [...cases.flatMap(convolutionRows), ...productRows(1024, 1024, 1024), ...productRows(197, 64, 197, 48)];
  const works = isQuick(options) ? all.slice(0, 4) : all;
  const rows = new Rows();
  for (const work of works) {
    unregisterTrainingKernels();
    await tf.setBackend('wasm');
    const before = rate({ ...work, work: work.before ?? work.work }, seconds);
    registerTrainingKernels();
    await tf.setBackend('wasm');
    const measured = (form: 'on' | 'off', count: number): number => {
      if (form === 'off') process.env['TRIPLETLAB_RELAXED_SIMD'] = 'off';
      else delete process.env['TRIPLETLAB_RELAXED_SIMD'];
      setThreads(backend, count);
      return rate(work, seconds);
    };
    const plain = measured('off', 1);
    const one = relaxed ? measured('on', 1) : undefined;
    const many = measured('on', threads);
    rows.add({
      'GFLOP/s of': work.label,
      before,
      'after, 1 thread': plain,
      'with relaxed SIMD': one,
      [`after, ${threads} threads`]: many,
      times: many / before,
    });
  }
  const notes = ["before: TensorFlow.js's own kernels, one thread"];
  if (!relaxed) notes.push(`Node.js ${process.version} has no relaxed SIMD`);
  return { rows: rows.rows, notes };
}
