import { registerKernel, util, type KernelFunc, type TensorInfo } from '../../../tf.js';
import type { OptionalKernel } from '../../optional-kernels.js';
import { addressOf, floatsOf, type WasmBackend } from '../heap.js';
import { runLayers, type LayerCall } from '../layers/functions.js';
import { attention, attentionGradient } from './attention.js';
import type { Call } from './kernel.js';

type Inputs = Readonly<Partial<Record<string, TensorInfo>>>;
type Attributes = Readonly<Record<string, number>>;
type AdamAttributes = Attributes & { readonly decays: readonly number[]; readonly decoupled: boolean };

/** Holds what a call needs: functions, inputs by name, attributes; `at` gives a pointer, 0 for an input not given. */
interface Context {
  readonly backend: WasmBackend;
  /** Calls functions of src/engine/wasm/assembly/layers. */
  run(...calls: readonly LayerCall[]): void;
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  at(tensor: TensorInfo | undefined): number;
  /** Makes a tensor of the same shape with undefined values; `zeros` makes one of zeros. */
  like(tensor: TensorInfo): TensorInfo;
  zeros(length: number): TensorInfo;
  /** Returns the same tensor to write the result over it; only for tensors that nothing else reads. */
  over(tensor: TensorInfo): TensorInfo;
}

const columnsOf = ({ shape }: TensorInfo): [number, number] => {
  const channels = shape[shape.length - 1];
  return [util.sizeFromShape(shape) / channels, channels];
};

const sizesOf = ({ batch, heads }: Attributes) => ({ batch: batch!, heads: heads! });

/** The kernels by name; each returns its outputs. src/engine/wasm/assembly/layers says what they compute. */
const kernels = {
  RowsAffine({ run, inputs: { x, factor, offset, shortcut }, attrs, at, like, over }) {
    const y = attrs['over'] === 1 ? over(x!) : like(x!);
    run(['affine', at(x), at(factor), at(offset), at(shortcut), at(y), ...columnsOf(x!), attrs['relu']]);
    return [y];
  },
  RowsMaskedSums({ run, inputs: { dy, y, x, mean }, at, like, over, zeros }) {
    const [rows, channels] = columnsOf(dy!);
    const g = y === undefined ? over(dy!) : like(dy!);
    const sums = zeros(channels);
    const products = mean === undefined ? undefined : zeros(channels);
    const kept = y === undefined ? 0 : at(g);
    run(['maskedSums', at(dy), at(y), kept, at(x), at(mean), at(sums), at(products), rows, channels, channels]);
    return products === undefined ? [g, sums] : [g, sums, products];
  },
  RowsScaledGradient({ run, inputs: { dv, w, factor }, at, over, zeros }) {
    const [rows, channels] = columnsOf(dv!);
    const [dw, sums] = [over(dv!), zeros(channels)];
    run(['scaledGradient', at(dv), at(w), at(factor), at(dw), at(sums), rows, channels, channels]);
    return [dw, sums];
  },
  RowsSquares({ run, inputs: { x, mean }, at, zeros }) {
    const [rows, channels] = columnsOf(x!);
    const sums = zeros(channels);
    run(['squares', at(x), at(mean), at(sums), rows, channels, channels]);
    return [sums];
  },
  RowsCombine({ run, inputs: { p, q, a, b, offset }, at, like }) {
    const y = like(p!);
    run(['combine', at(p), at(q), at(a), at(b), at(offset), at(y), ...columnsOf(p!)]);
    return [y];
  },
  RowsLayerNorm({ run, inputs: { x, scale, shift }, attrs, at, like, zeros }) {
    const [rows, length] = columnsOf(x!);
    const [y, means, inverses] = [like(x!), zeros(rows), zeros(rows)];
    run(['layerNorm', at(x), at(scale), at(shift), at(y), at(means), at(inverses), rows, length, attrs['epsilon']]);
    return [y, means, inverses];
  },
  RowsLayerNormGradient({ run, inputs: { dy, x, scale, means, inverses }, at, like, zeros }) {
    const [rows, length] = columnsOf(x!);
    const dx = like(x!);
    const vectors = scale === undefined ? [] : [zeros(length), zeros(length)];
    const [dScale, dShift] = [at(vectors[0]), at(vectors[1])];
    run(['layerNormGradient', at(dy), at(x), at(scale), at(means), at(inverses), at(dx), dScale, dShift, rows, length]);
    return [dx, ...vectors];
  },
  RowsGelu({ run, inputs: { x }, at, like }) {
    const y = like(x!);
    run(['gelu', at(x), at(y), util.sizeFromShape(x!.shape)]);
    return [y];
  },
  RowsGeluGradient({ run, inputs: { dy, x }, at, like }) {
    const dx = like(x!);
    run(['geluGradient', at(dy), at(x), at(dx), util.sizeFromShape(x!.shape)]);
    return [dx];
  },
  RowsSoftmaxGradient({ run, inputs: { dy, y }, attrs, at, over }) {
    const dx = over(dy!);
    run(['softmaxGradient', at(dy), at(y), at(dx), ...columnsOf(y!), attrs['factor']]);
    return [dx];
  },
  Attention: ({ backend, inputs: { qkv }, attrs }) => attention(backend, qkv!, sizesOf(attrs)),
  AttentionGradient: ({ backend, inputs: { dy, qkv, weights }, attrs }) => [
    attentionGradient(backend, { dy: dy!, qkv: qkv!, weights: weights! }, sizesOf(attrs)),
  ],
  AdamStep({ run, inputs, attrs, at, like }) {
    const { learningRate, beta1, beta2, epsilon, steps, decays, decoupled } = attrs as AdamAttributes;
    const rate = learningRate! / (1 - beta1! ** steps!);
    const correction = 1 / Math.sqrt(1 - beta2! ** steps!);
    const calls: LayerCall[] = [];
    const results = decays.flatMap((decay, i) => {
      const [w, g, m, v] = ['w', 'g', 'm', 'v'].map((letter) => inputs[`${letter}${i}`]!);
      const made = [like(w), like(w), like(w)];
      const [coupled, kept] = decoupled ? [0, 1 - learningRate! * decay] : [decay, 1];
      const addresses = [w, g, m, v, ...made].map(at);
      const size = util.sizeFromShape(w.shape);
      calls.push(['adam', ...addresses, size, rate, beta1!, beta2!, epsilon!, correction, coupled, kept]);
      return made;
    });
    run(...calls);
    return results;
  },
} as const satisfies Record<Exclude<OptionalKernel, `ConvolutionUnit${string}`>, (context: Context) => TensorInfo[]>;

function context(call: Call<string, Attributes>): Context {
  const { inputs, backend, attrs } = call;
  return {
    backend,
    inputs,
    attrs,
    run(...calls) {
      runLayers(backend, ...calls);
    },
    at: (tensor) => (tensor === undefined ? 0 : addressOf(backend, tensor)),
    like: (tensor) => backend.makeOutput(tensor.shape, 'float32'),
    zeros(length) {
      const result = backend.makeOutput([length], 'float32');
      floatsOf(backend, result).fill(0);
      return result;
    },
    over(tensor) {
      backend.incRef(tensor.dataId);
      return { dataId: tensor.dataId, shape: tensor.shape, dtype: tensor.dtype };
    },
  };
}

/** Registers the kernels. */
export function registerLayerKernels(): void {
  for (const [kernelName, compute] of Object.entries<(given: Context) => TensorInfo[]>(kernels)) {
    const kernelFunc = (call: Call<string, Attributes>) => compute(context(call));
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc: kernelFunc as unknown as KernelFunc });
  }
}
