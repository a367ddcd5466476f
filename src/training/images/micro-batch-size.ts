import type { Backbone } from '../../backbones/index.js';
import type { TrainingConfiguration } from '../../configuration/types.js';
import type { Engine } from '../../engine/types.js';
import { availableMemory, gpuNumbers, gpuProperties } from '../../engine/machine.js';
import { UsageError } from '../../errors.js';

/** Memory that a picture of 224 x 224 needs in training, in MiB: measured, with a margin. */
const NEEDED: Readonly<Record<string, number>> = {
  ResNet50: 110,
  Inception: 80,
  ViT: 200,
  ViTS: 120,
  ViTTi: 60,
};
/** The same for the small networks, with pictures of 64 x 64. */
const NEEDED_SMALL = 8;
const SIDE = 224;
/** Memory for pictures in WebAssembly, which addresses 4 GiB in all: weights, moments and gradients lie there too. */
const WASM_BUDGET = 1536; // MiB
/** Engines whose tensors lie outside of WebAssembly's memory and of JavaScript's arrays. */
const native: ReadonlySet<string> = new Set(['torch-cpu', 'tensorflow-cpu']);

/** Returns the memory that pictures may take, MiB: four fifths of a CUDA GPU's own, else a quarter of the machine's. */
function budgetOf({ name, gpu }: Engine): number {
  const [own] = name.endsWith('-cuda') ? gpuProperties('memory.total') : [];
  const total = Number.parseFloat(own ?? ''); // NaN without the driver, and of a GPU without memory of its own
  if (total > 0) return 0.8 * total;
  const memory = availableMemory() / 2 ** 20;
  return Math.min(memory / 4, gpu || native.has(name) ? Infinity : WASM_BUDGET);
}

/**
 * Returns how many pictures go through the network at once: `optimization.micro_batch_size`, or what this machine's
 * memory holds. The number is always the same on the same machine. With several processes it holds for each of them.
 *
 * @throws UsageError where rows depend on each other (batch statistics) and the number is to be smaller than the batch
 */
export function microBatchSize(
  { optimization, dataset, model, num_processes = 1 }: TrainingConfiguration,
  backbone: Backbone,
  size: number,
  engine: Engine,
): number {
  const { micro_batch_size } = optimization;
  if (backbone.usesBatchStatistics) {
    if (micro_batch_size !== undefined && micro_batch_size < dataset.batch_size)
      throw new UsageError(
        `invalid optimization.micro_batch_size: ${micro_batch_size}; batch normalisation of ${model.name} needs the whole batch, set ${dataset.batch_size} or model.frozen_variables=bn`,
      );
    return dataset.batch_size;
  }
  // every process gets a micro-batch
  const share = Math.ceil(dataset.batch_size / num_processes);
  if (micro_batch_size !== undefined) return Math.min(micro_batch_size, share);
  const sharing = engine.gpu ? Math.ceil(num_processes / Math.max(1, gpuNumbers().length)) : num_processes;
  const needed = (NEEDED[model.name] ?? NEEDED_SMALL * (SIDE / 64) ** 2) * (size / SIDE) ** 2;
  return Math.max(1, Math.min(share, Math.floor(budgetOf(engine) / needed / sharing)));
}
