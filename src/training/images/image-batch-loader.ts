import { basename } from 'node:path';
import type { PreprocessingConfiguration } from '../../configuration/types.js';
import type { ItemDataset } from '../../datasets/index.js';
import {
  imageSize,
  PictureLoader,
  unreadable,
  type PictureBatch,
  type PictureRequest,
} from '../../preprocessing/index.js';
import { splitBatches } from '../../samplers/split-batches.js';
import type { MicroBatch } from './micro-batches.js';
import type { WantedPictures } from './wanted-pictures.js';

/** A batch as it reaches the network: the items whose pictures could be read, and the pictures in micro-batches. */
export interface ImageBatch {
  readonly items: Int32Array;
  readonly microBatches: readonly MicroBatch[];
}

export interface ImageBatchLoaderOptions {
  readonly preprocessing: PreprocessingConfiguration;
  /** The pictures that will be asked for. */
  readonly wanted: WantedPictures;
  /** Pictures of a micro-batch. */
  readonly microBatchSize: number;
  /** Seed of the augmentation. */
  readonly seed: number;
  /** Rows that are kept or left out together: 3 for triplets, else 1. */
  readonly together: number;
}

/** Loads the pictures of batches ahead, in the order in which they are wanted. */
export class ImageBatchLoader {
  readonly size: number;
  private readonly loader: PictureLoader;
  /** Why a picture cannot be read, by item. */
  private readonly bad: Map<number, string>;
  private training: AsyncIterator<PictureBatch> | undefined;

  constructor(
    private readonly dataset: ItemDataset,
    readonly options: ImageBatchLoaderOptions,
  ) {
    this.size = imageSize(options.preprocessing);
    this.bad = new Map(options.wanted.missing);
    // an unreadable picture affects its whole batch, not one micro-batch
    this.loader = new PictureLoader({ preprocessing: { ...options.preprocessing, on_bad_image: 'skip' } });
  }

  /** Starts loading the augmented pictures of an epoch's batches, from batch `first` on. */
  plan(epoch: number, batches: readonly Int32Array[], first: number): void {
    void this.training?.return?.();
    const { seed } = this.options;
    const before = batches.slice(0, first).reduce((sum, { length }) => sum + length, 0);
    const requests = this.requests(batches.slice(first), { seed, epoch, first: before });
    this.training = this.loader.load(requests)[Symbol.asyncIterator]();
  }

  /** Returns the next of the planned batches. */
  async next(batch: Int32Array): Promise<ImageBatch> {
    return this.collect(batch, this.training!, this.options.together);
  }

  /** Yields batches without augmentation, for embedding; pictures that cannot be read are left out. */
  async *inference(batches: readonly Int32Array[]): AsyncGenerator<ImageBatch> {
    const loaded = this.loader.load(this.requests(batches))[Symbol.asyncIterator]();
    try {
      for (const batch of batches) yield await this.collect(batch, loaded, 1);
    } finally {
      await loaded.return?.();
    }
  }

  private *requests(
    batches: readonly Int32Array[],
    augmentation?: NonNullable<PictureRequest['augmentation']>,
  ): Generator<PictureRequest> {
    let position = augmentation?.first ?? 0;
    for (const batch of batches)
      for (const items of splitBatches(batch, this.options.microBatchSize)) {
        yield {
          pictures: Array.from(items, (item) => this.dataset.picture(item)),
          names: Array.from(items, (item) => this.nameOf(item)),
          ...(augmentation && { augmentation: { ...augmentation, first: position } }),
        };
        position += items.length;
      }
  }

  private nameOf(item: number): string {
    return this.dataset.items[item].file ?? `item ${item}`;
  }

  private async collect(batch: Int32Array, loaded: AsyncIterator<PictureBatch>, together: number): Promise<ImageBatch> {
    const microBatches: MicroBatch[] = [];
    const bad = new Set<number>(); // rows of the batch
    let row = 0;
    for (const items of splitBatches(batch, this.options.microBatchSize)) {
      const { value } = (await loaded.next()) as { value: PictureBatch };
      for (const { index, reason } of value.bad) {
        bad.add(row + index);
        this.bad.set(items[index], reason);
      }
      microBatches.push({ data: value.data, rows: items.length, size: value.size });
      row += items.length;
    }
    if (bad.size === 0) return { items: batch, microBatches };
    if (this.options.preprocessing.on_bad_image === 'skip') return this.without(bad, batch, microBatches, together);
    const [first] = bad;
    const [name, reason] = [this.nameOf(batch[first]), this.bad.get(batch[first])!];
    throw unreadable({ name, reason, count: bad.size, among: batch.length, of: 'pictures of its batch' });
  }

  private without(
    bad: ReadonlySet<number>,
    batch: Int32Array,
    microBatches: readonly MicroBatch[],
    together: number,
  ): ImageBatch {
    const { microBatchSize } = this.options;
    const groups = new Set([...bad].map((row) => Math.floor(row / together)));
    const rows = Array.from(batch.keys()).filter((row) => !groups.has(Math.floor(row / together)));
    const pixels = 3 * this.size ** 2;
    const kept: MicroBatch[] = [];
    for (let start = 0; start < rows.length; start += microBatchSize) {
      const some = rows.slice(start, start + microBatchSize);
      const data = new Float32Array(some.length * pixels);
      some.forEach((row, i) => {
        const at = (row % microBatchSize) * pixels;
        data.set(microBatches[Math.floor(row / microBatchSize)].data.subarray(at, at + pixels), i * pixels);
      });
      kept.push({ data, rows: some.length, size: this.size });
    }
    return { items: Int32Array.from(rows, (row) => batch[row]), microBatches: kept };
  }

  /** Returns the items that were left out, ascending. */
  leftOut(): Int32Array {
    return Int32Array.from(this.bad.keys()).sort();
  }

  /** Restores what an earlier attempt left out. */
  restore(leftOut: Int32Array): void {
    for (const item of leftOut) if (!this.bad.has(item)) this.bad.set(item, 'cannot be read');
  }

  /** Tells what was left out, if anything: how many of the wanted pictures, and the name of the first. */
  notes(): readonly string[] {
    const [first] = this.leftOut();
    if (first === undefined) return [];
    const { size } = this.bad;
    const example = `${basename(this.nameOf(first))}: ${this.bad.get(first)}`;
    return [`pictures left out: ${size} of ${this.options.wanted.count} cannot be read (first ${example})`];
  }

  async dispose(): Promise<void> {
    await this.training?.return?.();
    await this.loader.dispose();
  }
}
