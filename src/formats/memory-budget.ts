import { invalidFile } from './file-bytes.js';

const defaults = {
  /** Bytes that a file may expand to whatever its own size ... */
  always: 2 ** 26,
  /** ... or this many times its own size. Real embeddings and weights stay below 20. */
  ratio: 32,
};

export type BudgetOptions = Partial<typeof defaults>;

/**
 * Limits the memory that the parts of one file may use besides the file itself.
 *
 * A few kilobytes can expand to gigabytes; beyond `max(always, ratio x size of the file)` a file is refused.
 */
export class MemoryBudget {
  protected left: number;

  constructor(
    protected readonly file: string,
    bytes: number,
    options: BudgetOptions = {},
  ) {
    const { always, ratio } = { ...defaults, ...options };
    this.left = Math.max(always, ratio * bytes);
  }

  /**
   * Counts bytes before they are allocated.
   *
   * @throws UsageError where they exceed the budget, by default saying that the part expands to them
   */
  spend(bytes: number, part: string, what = `${part} expands to far more than it should`): void {
    this.left -= bytes;
    if (this.left < 0) throw invalidFile(this.file, what);
  }
}
