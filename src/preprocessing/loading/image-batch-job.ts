import { augmentationDraws } from '../augmentation.js';
import type { BufferPool } from './buffer-pool.js';
import type { PictureCache } from './picture-cache.js';
import type { BadPicture, Picture, PictureRequest } from '../picture.js';
import type { DecoderPool } from './decoder-pool.js';
import { HEAD_BYTES, type WorkerTask } from './messages.js';

/** Holds what all jobs need. */
export interface LoaderContext {
  readonly decoders: DecoderPool;
  readonly buffers: BufferPool;
  readonly cache: PictureCache;
  /** Bytes of a finished picture. */
  readonly bytesEach: number;
}

/** Rounds up to whole words, on which slices of pixels are copied. */
const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;

const isRaw = (picture: Picture): picture is Exclude<Picture, { file: string }> => 'data' in picture;

/** Runs one request through the threads. */
export class ImageBatchJob {
  /** Resolves when every picture is made or found bad; rejects where threads fail. */
  readonly done: Promise<readonly BadPicture[]>;
  readonly bytes: number;
  private readonly memory: SharedArrayBuffer | undefined;
  private readonly cached: readonly (Uint8Array | undefined)[];

  constructor(
    readonly request: PictureRequest,
    private readonly context: LoaderContext,
  ) {
    const { pictures, augmentation } = request;
    this.cached = pictures.map((picture) =>
      augmentation === undefined && !isRaw(picture) ? context.cache.get(picture.file) : undefined,
    );
    const made = HEAD_BYTES + aligned(pictures.length * context.bytesEach);
    this.bytes = pictures.reduce((sum, picture) => sum + (isRaw(picture) ? aligned(picture.data.length) : 0), made);
    if (pictures.length === 0 || this.cached.every((pixels) => pixels !== undefined)) {
      this.done = Promise.resolve([]);
      return;
    }
    this.memory = context.buffers.take(this.bytes);
    new Int32Array(this.memory, 0, HEAD_BYTES / 4).fill(0);
    this.done = this.start(this.memory, made);
    this.done.catch(() => undefined); // the error reaches the code that awaits `done`
  }

  private async start(memory: SharedArrayBuffer, rawAt: number): Promise<readonly BadPicture[]> {
    const { pictures, augmentation } = this.request;
    const tasks: WorkerTask[] = [];
    const bad: BadPicture[] = [];
    let at = rawAt;
    pictures.forEach((picture, row) => {
      if (this.cached[row] !== undefined) return;
      if (!isRaw(picture)) return void tasks.push({ row, file: picture.file });
      const { width, height, data } = picture;
      if (width < 1 || height < 1 || data.length !== 3 * width * height)
        return void bad.push({ index: row, reason: `${data.length} bytes for ${width} x ${height} pixels` });
      new Uint8Array(memory, at, data.length).set(data);
      tasks.push({ row, at, width, height });
      at += aligned(data.length);
    });
    const draws = augmentation && augmentationDraws(augmentation, pictures.length);
    const found = await this.context.decoders.run({ memory, tasks, ...(draws && { draws }) });
    return [...bad, ...found.map(({ row, reason }) => ({ index: row, reason }))].sort((a, b) => a.index - b.index);
  }

  /** Returns a picture's `[size, size, 3] uint8`, once it is made. */
  pixels(row: number): Uint8Array {
    const { bytesEach } = this.context;
    return this.cached[row] ?? new Uint8Array(this.memory!, HEAD_BYTES + row * bytesEach, bytesEach);
  }

  /** Keeps the pictures for the next evaluation and frees the memory. */
  finish(bad: ReadonlySet<number>): void {
    const { pictures, augmentation } = this.request;
    if (augmentation === undefined)
      pictures.forEach((picture, row) => {
        if (!isRaw(picture) && !bad.has(row)) this.context.cache.put(picture.file, this.pixels(row));
      });
    if (this.memory !== undefined) this.context.buffers.give(this.memory);
  }

  /** Stops the job: no more pictures are begun, and the memory is freed when those already begun are finished. */
  cancel(): void {
    if (this.memory === undefined) return;
    const memory = this.memory;
    Atomics.store(new Int32Array(memory, 0, 1), 0, 0x7fff0000);
    const give = () => {
      this.context.buffers.give(memory);
    };
    void this.done.then(give, () => undefined);
  }
}
