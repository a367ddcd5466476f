import { inflateRawSync, inflateSync } from 'node:zlib';
import { MemoryBudget, type BudgetOptions } from './memory-budget.js';
import { invalidFile } from './file-bytes.js';

/** Expands the compressed parts of one file, within the memory budget of a file of its size. */
export class Inflater extends MemoryBudget {
  constructor(file: string, bytes: number, options: BudgetOptions = {}) {
    super(file, bytes, options);
  }

  /**
   * Expands a raw deflate stream.
   *
   * @throws UsageError where it is damaged, not of the size stated, or too large
   */
  raw(bytes: Uint8Array, part: string, size: number): Uint8Array {
    this.spend(size, part);
    // One byte more shows that the content is longer than stated, and 0 is no valid limit. One chunk: no second copy.
    const options = { maxOutputLength: size + 1, chunkSize: Math.max(64, size + 1) };
    const content = this.guard(part, () => inflateRawSync(bytes, options));
    if (content.length !== size) throw invalidFile(this.file, `${part} has ${content.length} bytes, not ${size}`);
    return content;
  }

  /** Expands a zlib stream of any size; throws as `raw` does. */
  zlib(bytes: Uint8Array, part: string): Uint8Array {
    const content = this.guard(part, () => inflateSync(bytes, { maxOutputLength: Math.max(1, this.left) }));
    this.spend(content.length, part);
    return content;
  }

  private guard(part: string, inflate: () => Uint8Array): Uint8Array {
    try {
      return inflate();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ERR_BUFFER_TOO_LARGE') throw invalidFile(this.file, `${part} expands to far more than it should`);
      throw invalidFile(this.file, `${part} does not decompress`);
    }
  }
}
