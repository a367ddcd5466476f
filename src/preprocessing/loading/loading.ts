import { ImageBatchJob, type LoaderContext } from './image-batch-job.js';
import type { BadPicture, PictureBatch, PictureRequest } from '../picture.js';
import { unreadable } from '../unreadable.js';

/** Says how requests become batches. */
export interface LoadingOptions {
  /** The number that each byte becomes, for each colour: `[3, 256] float32`. */
  readonly table: Float32Array;
  readonly size: number;
  /** Whether bad pictures are listed; otherwise an error is thrown. */
  readonly skips: boolean;
  readonly aheadBytes: number;
  /** Is called when no request is being loaded any more. */
  readonly ended: () => void;
}

/** The most requests that are loaded at once, however small. */
const MOST_JOBS = 64;

/** Gives batches in the order of their requests; loads ahead until finished pictures fill `aheadBytes`. */
export class Loading implements AsyncIterableIterator<PictureBatch> {
  private readonly jobs: ImageBatchJob[] = [];
  private failure: { readonly error: unknown } | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private exhausted = false;

  constructor(
    private readonly requests: Iterator<PictureRequest>,
    private readonly context: LoaderContext,
    private readonly options: LoadingOptions,
  ) {
    this.fill();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<PictureBatch, undefined>> {
    const result = this.last.then(() => this.advance());
    this.last = result.catch(() => undefined);
    return result;
  }

  return(): Promise<IteratorResult<PictureBatch, undefined>> {
    this.stop();
    return Promise.resolve({ done: true, value: undefined });
  }

  private fill(): void {
    const wanted = () =>
      this.jobs.length === 0 ||
      (this.jobs.length < MOST_JOBS && this.jobs.reduce((sum, { bytes }) => sum + bytes, 0) < this.options.aheadBytes);
    try {
      while (!this.exhausted && wanted()) {
        const { done, value } = this.requests.next() as IteratorResult<PictureRequest, undefined>;
        if (done) this.exhausted = true;
        else this.jobs.push(new ImageBatchJob(value, this.context));
      }
    } catch (error) {
      this.exhausted = true;
      this.failure = { error }; // thrown after the batches before it have been returned
    }
  }

  private async advance(): Promise<IteratorResult<PictureBatch, undefined>> {
    this.fill();
    const job = this.jobs.shift();
    if (job === undefined) {
      this.stop();
      const failure = this.failure;
      this.failure = undefined;
      if (failure !== undefined) throw failure.error;
      return { done: true, value: undefined };
    }
    try {
      const bad = await job.done;
      this.fill(); // before this thread is busy with the batch
      const value = this.batch(job, bad);
      if (bad.length > 0 && !this.options.skips) throw unreadableIn(job.request, bad);
      return { done: false, value };
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  private batch(job: ImageBatchJob, bad: readonly BadPicture[]): PictureBatch {
    const { table, size } = this.options;
    const { pictures } = job.request;
    const each = 3 * size ** 2;
    const data = new Float32Array(pictures.length * each);
    const rows = new Set(bad.map(({ index }) => index));
    for (let row = 0; row < pictures.length; row++)
      if (!rows.has(row)) normalize(job.pixels(row), table, data, row * each);
    job.finish(rows);
    return { data, size, bad };
  }

  private stop(): void {
    this.exhausted = true;
    for (const job of this.jobs.splice(0)) job.cancel();
    this.options.ended();
  }
}

function normalize(pixels: Uint8Array, table: Float32Array, out: Float32Array, at: number): void {
  for (let i = 0; i < pixels.length; i += 3) {
    out[at + i] = table[pixels[i]];
    out[at + i + 1] = table[256 + pixels[i + 1]];
    out[at + i + 2] = table[512 + pixels[i + 2]];
  }
}

function unreadableIn({ names }: PictureRequest, bad: readonly BadPicture[]): Error {
  const [{ index, reason }] = bad;
  const [count, among] = [bad.length, names.length];
  return unreadable({ name: names[index], reason, count, among, of: 'pictures of its batch' });
}
