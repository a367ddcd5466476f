import { samplers as declarations } from '../catalogue/samplers.js';
import { open } from '../catalogue/open.js';
import { registerPart } from '../catalogue/own-parts.js';
import type { ItemDataset } from '../datasets/dataset.js';
import { refuseUnknown, UsageError } from '../errors.js';
import type { RandomStream } from '../random/stream.js';

/** Holds what a sampler of one's own makes the batches of training from. */
export interface SamplerData {
  readonly dataset: ItemDataset;
  /** `[n] int32`, the items of training; of labelled triplets `[3m]`, the three items of one after another. */
  readonly training: Int32Array;
  /** `dataset.batch_size`: the most items of a batch. */
  readonly batchSize: number;
  /** What is drawn from, so that a resumed run draws the same. */
  readonly random: RandomStream;
}

/** Describes a sampler of one's own. */
export interface OwnSampler {
  /** Its name in `dataset.sampler`. */
  readonly name: string;
  /** Draws the batches of an epoch of training; each epoch has as many. */
  readonly epoch: (data: SamplerData) => readonly Int32Array[];
}

const samplers: Readonly<Record<string, OwnSampler>> = open({});

/** Registers a sampler of one's own, which configurations then name as `dataset.sampler`. @throws UsageError */
export function register(own: OwnSampler): void {
  const { name, epoch } = own;
  refuseUnknown(own, ['name', 'epoch'], `member of sampler ${name}`);
  if (typeof epoch !== 'function') throw new UsageError(`invalid sampler ${name}: its member epoch is no function`);
  registerPart('sampler', name, epoch, [
    [declarations, { description: 'Your own.' }],
    [samplers, own],
  ]);
}

/** Makes batches by a registered sampler. */
export class NamedSampler {
  readonly trainingBatches: number;

  /** @param together how many items belong together: 3 of labelled triplets, else 1 */
  constructor(
    private readonly name: string,
    private readonly data: SamplerData,
    private readonly together: number,
  ) {
    const before = this.random.state();
    this.trainingBatches = this.trainingEpoch().length;
    this.random.restore(before);
  }

  get random(): RandomStream {
    return this.data.random;
  }

  /** Draws the batches of a training epoch. @throws UsageError where they are none */
  trainingEpoch(): Int32Array[] {
    const { name, data, together } = this;
    const batches = samplers[name].epoch(data);
    const known = new Set(data.training);
    const fits = (batch: unknown): batch is Int32Array =>
      batch instanceof Int32Array &&
      batch.length > 0 &&
      batch.length <= data.batchSize &&
      batch.length % together === 0 &&
      batch.every((item) => known.has(item));
    if (Array.isArray(batches) && batches.length > 0 && batches.every(fits)) return [...(batches as Int32Array[])];
    throw new UsageError(
      `sampler ${name} returned no batches; return Int32Arrays of 1 to ${data.batchSize} items of training${together === 3 ? ', three to a triplet' : ''}`,
    );
  }
}
