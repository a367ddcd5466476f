import * as tf from '../../../src/tf.js';
import type { ExecutionContext } from 'ava';
import { chooseEngine } from '../../../src/engine/index.js';
import { RandomStream } from '../../../src/random/stream.js';
import { testedEngines } from '../tested-engines.js';

/** Numbers of a shape, the same for the same name. */
export interface Numbers {
  readonly shape: number[];
  readonly values: Float32Array;
}

export function numbers(shape: number[], name: string, low = -1, high = 1): Numbers {
  const stream = new RandomStream(0, 'test', name, ...shape);
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    () => low + (high - low) * stream.uniform(),
  );
  return { shape, values };
}

export const tensorOf = ({ shape, values }: Numbers): tf.Tensor => tf.tensor(values, shape, 'float32');

export type Computation = (...inputs: tf.Tensor[]) => tf.Tensor;

/** A function's value, then the gradients of the sum of its values (each times a number of its own) by its inputs. */
export function valueAndGradients(f: Computation, inputs: readonly Numbers[], gradients = true): Numbers[] {
  return tf.tidy(() => {
    const tensors = inputs.map(tensorOf);
    const value = f(...tensors);
    const weights = tensorOf(numbers(value.shape, 'weights'));
    const all = gradients ? tf.grads((...x: tf.Tensor[]) => tf.sum(tf.mul(f(...x), weights)))(tensors) : [];
    return [value, ...all].map((x) => ({ shape: x.shape, values: x.dataSync<'float32'>() }));
  });
}

/** The largest difference, as a part of the largest expected number (at least 1). */
export function difference(actual: Numbers, expected: Numbers): number {
  if (actual.shape.join() !== expected.shape.join()) return Infinity;
  const scale = expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return actual.values.reduce((most, value, i) => {
    const d = Math.abs(value - expected.values[i]) / scale;
    return Number.isNaN(d) ? Infinity : Math.max(most, d);
  }, 0);
}

interface Comparison {
  readonly gradients?: boolean;
  readonly tolerance?: number;
  /** All that this machine has, unless told otherwise. */
  readonly engines?: readonly string[];
  /** Tolerances of engines that are less exact here. */
  readonly exceptions?: Readonly<Partial<Record<string, number>>>;
}

/** Compares each engine here with plain JavaScript: values and, unless told otherwise, gradients. */
export async function compareEngines(
  t: ExecutionContext,
  label: string,
  f: Computation,
  inputs: readonly Numbers[],
  { gradients = true, tolerance = 2e-6, engines = testedEngines, exceptions = {} }: Comparison = {},
): Promise<void> {
  await chooseEngine({ useGpu: false, engine: 'javascript' });
  const expected = valueAndGradients(f, inputs, gradients);
  for (const engine of engines) {
    await chooseEngine({ useGpu: false, engine });
    const actual = valueAndGradients(f, inputs, gradients);
    t.is(tf.getBackend(), engine);
    actual.forEach((one, i) => {
      const d = difference(one, expected[i]);
      t.true(
        d <= (exceptions[engine] ?? tolerance),
        `${label}: ${i === 0 ? 'value' : `gradient ${i}`} differs by ${d} on ${engine}`,
      );
    });
  }
}

/**
 * Compares gradients on the wasm engine with central differences, at up to `places` numbers of each input.
 *
 * For functions that are linear in each input the step may be large, which leaves rounding as the only error.
 */
export async function checkGradients(
  t: ExecutionContext,
  label: string,
  f: Computation,
  inputs: readonly Numbers[],
  { step = 0.5, tolerance = 2e-4, places = 25 } = {},
): Promise<void> {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const [value, ...gradients] = valueAndGradients(f, inputs);
  const weights = numbers(value.shape, 'weights').values;
  const total = (changed: readonly Numbers[]): number => {
    const [{ values }] = valueAndGradients(f, changed, false);
    return values.reduce((sum, v, i) => sum + v * weights[i], 0);
  };
  gradients.forEach((gradient, which) => {
    const { values } = inputs[which];
    const stride = Math.max(1, Math.floor(values.length / places));
    for (let i = 0; i < values.length; i += stride) {
      const moved = (by: number) =>
        inputs.map((input, k) =>
          k === which ? { ...input, values: input.values.map((v, j) => (j === i ? v + by : v)) } : input,
        );
      const expected = (total(moved(step)) - total(moved(-step))) / (2 * step);
      const d = Math.abs(gradient.values[i] - expected) / Math.max(1, Math.abs(expected));
      t.true(
        d <= tolerance,
        `${label}: gradient ${which + 1} at ${i} is ${gradient.values[i]}, differences give ${expected}`,
      );
    }
  });
}
