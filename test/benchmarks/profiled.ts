import * as tf from '../../src/tf.js';

/** What one kind of operation took, without those it called itself. */
export interface Cost {
  readonly kernel: string;
  readonly milliseconds: number;
  readonly calls: number;
}

export interface Profile {
  /** The whole work's. */
  readonly milliseconds: number;
  /** The dearest first. */
  readonly costs: readonly Cost[];
}

/**
 * Times the kernels of the present engine while some work runs.
 *
 * Each is replaced by one that reads the clock; what kernels call of each other counts for those that are called. On a
 * GPU this is the time to launch them.
 */
export async function profiled(work: () => Promise<unknown>): Promise<Profile> {
  const sums = new Map<string, { milliseconds: number; calls: number }>();
  const inner: number[] = []; // ms within kernels that the running ones have called
  const stock = tf.getKernelsForBackend(tf.getBackend());
  for (const config of stock)
    replace(config, (...given) => {
      const start = performance.now();
      inner.push(0);
      try {
        return config.kernelFunc(...given);
      } finally {
        const all = performance.now() - start;
        const own = all - inner.pop()!;
        if (inner.length > 0) inner[inner.length - 1] += all;
        const sum = sums.get(config.kernelName) ?? { milliseconds: 0, calls: 0 };
        sums.set(config.kernelName, { milliseconds: sum.milliseconds + own, calls: sum.calls + 1 });
      }
    });
  const start = performance.now();
  try {
    await work();
  } finally {
    for (const config of stock) replace(config, config.kernelFunc);
  }
  const milliseconds = performance.now() - start;
  const costs = Array.from(sums, ([kernel, sum]) => ({ kernel, ...sum }));
  return { milliseconds, costs: costs.sort((a, b) => b.milliseconds - a.milliseconds) };
}

function replace(config: tf.KernelConfig, kernelFunc: tf.KernelFunc): void {
  tf.unregisterKernel(config.kernelName, config.backendName);
  tf.registerKernel({ ...config, kernelFunc });
}
