import { inflateRawSync, inflateSync } from 'node:zlib';
import { invalidFile } from './file-bytes.js';

const defaults = {
  /** Bytes that a file may expand to whatever its own size ... */
  always: 2 ** 28,
  /** ... or this many times its own size. Real embeddings and weights stay below 20. */
  ratio: 100,
};

/**
 * Expands the compressed parts of one file, and no more than such a file may honestly hold.
 *
 * A few kilobytes can be made to expand to gigabytes; past `max(always, ratio x size of the file)` it is refused.
 */
export class Inflater {
  private left: number;

  constructor(
    private readonly file: string,
    bytes: number,
    options: Partial<typeof defaults> = {},
  ) {
    const { always, ratio } = { ...defaults, ...options };
    this.left = Math.max(always, ratio * bytes);
  }

  /**
   * The raw deflate stream's content.
   *
   * @throws UsageError where it is damaged, not of the size stated, or too large
   */
  raw(bytes: Uint8Array, part: string, size: number): Uint8Array {
    this.spend(size, part);
    // One byte more would show that the content is longer than stated; 0 is no valid limit.
    const content = this.guard(part, () => inflateRawSync(bytes, { maxOutputLength: size + 1 }));
    if (content.length !== size) throw invalidFile(this.file, `${part} has ${content.length} bytes, not ${size}`);
    return content;
  }

  /** The zlib stream's content, of any size; throws as `raw` does. */
  zlib(bytes: Uint8Array, part: string): Uint8Array {
    const content = this.guard(part, () => inflateSync(bytes, { maxOutputLength: Math.max(1, this.left) }));
    this.spend(content.length, part);
    return content;
  }

  private spend(size: number, part: string): void {
    this.left -= size;
    if (this.left < 0) throw this.tooLarge(part);
  }

  private guard(part: string, inflate: () => Uint8Array): Uint8Array {
    try {
      return inflate();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ERR_BUFFER_TOO_LARGE') throw this.tooLarge(part);
      throw invalidFile(this.file, `${part} does not decompress`);
    }
  }

  private tooLarge(part: string): Error {
    return invalidFile(this.file, `${part} expands to far more than it should`);
  }
}
