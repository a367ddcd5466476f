import { addressOf, type WasmBackend } from '../../../src/engine/wasm/heap.js';
import { runLayers, type LayerCall } from '../../../src/engine/wasm/layers/functions.js';
import { RandomStream } from '../../../src/random/stream.js';

const [ROWS, LENGTH] = [401, 203]; // cut into parts of unequal size; rows that are no multiple of four numbers
const SIZE = ROWS * LENGTH;

/** Calls by the addresses of operands [rows, length] and [rows], of results, and of a result of sums, which is 0. */
const calls: Record<string, (x: readonly number[], rows: readonly number[], y: readonly number[]) => LayerCall> = {
  adam: (x, _, y) => ['adam', x[0], x[1], x[2], x[3], ...y.slice(0, 3), SIZE, 1e-3, 0.9, 0.999, 1e-8, 1.1, 1e-2, 0.9],
  affine: (x, rows, y) => ['affine', x[0], rows[0], 0, x[1], y[0], ROWS, LENGTH, 1],
  combine: (x, rows, y) => ['combine', x[0], x[1], rows[0], rows[1], rows[2], y[0], ROWS, LENGTH],
  gelu: (x, _, y) => ['gelu', x[0], y[0], SIZE],
  geluGradient: (x, _, y) => ['geluGradient', x[0], x[1], y[0], SIZE],
  layerNorm: (x, rows, y) => ['layerNorm', x[0], rows[0], rows[1], ...y.slice(0, 3), ROWS, LENGTH, 1e-6],
  maskedSums: (x, _, y) => ['maskedSums', x[0], x[1], y[0], 0, 0, y[1], 0, ROWS, LENGTH, LENGTH],
  'maskedSums with products': (x, rows, y) => ['maskedSums', x[0], x[1], y[0], x[2], rows[0], y[1], y[2], ROWS, LENGTH, LENGTH], // prettier-ignore
  scaledGradient: (x, rows, y) => ['scaledGradient', x[0], x[1], rows[0], y[0], y[1], ROWS, LENGTH, LENGTH],
  softmax: (x, _, y) => ['softmax', x[0], y[0], ROWS, LENGTH, 0.7],
  softmaxGradient: (x, _, y) => ['softmaxGradient', x[0], x[1], y[0], ROWS, LENGTH, 0.7],
  squares: (x, rows, y) => ['squares', x[0], rows[0], y[0], ROWS, LENGTH, LENGTH],
};

/** Makes operands on a backend; gives, for each function of layers, one that calls it and returns what it computes. */
export function layerFunctions(backend: WasmBackend): Record<string, () => Float32Array[]> {
  const stream = new RandomStream(0, 'test', 'layers');
  const tensor = (length: number, fill: (data: Float32Array) => void): number => {
    const made = backend.makeOutput([length], 'float32');
    fill(backend.typedArrayFromHeap(made) as Float32Array);
    return addressOf(backend, made);
  };
  const random = (length: number): number =>
    tensor(length, (data) => data.forEach((_, i) => (data[i] = stream.uniform() + 0.01))); // squares of Adam are positive
  const [x, rows] = [Array.from({ length: 4 }, () => random(SIZE)), Array.from({ length: 3 }, () => random(ROWS))];
  const results = Array.from({ length: 3 }, () => tensor(SIZE, (data) => data.fill(0)));
  const numbers = (address: number) => new Float32Array(backend.wasm.asm.memory.buffer, address, SIZE);
  const computed = (call: LayerCall): Float32Array[] => {
    for (const address of results) numbers(address).fill(0);
    runLayers(backend, call);
    return results.map((address) => numbers(address).slice());
  };
  return Object.fromEntries(
    Object.entries(calls).map(([name, make]) => [name, () => computed(make(x, rows, results))]),
  );
}
