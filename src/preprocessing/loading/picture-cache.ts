/**
 * Pictures as they are evaluated, `[size, size, 3] uint8` by file, up to a number of bytes.
 *
 * What is in stays in: evaluation goes through the same pictures in the same order, where dropping the least recently
 * used would drop each one just before it is wanted.
 */
export class PictureCache {
  private readonly pictures = new Map<string, Uint8Array>();
  private bytes = 0;

  constructor(private readonly limit: number) {}

  get(file: string): Uint8Array | undefined {
    return this.pictures.get(file);
  }

  /** Keeps a copy, if there is room. */
  put(file: string, pixels: Uint8Array): void {
    if (this.pictures.has(file) || this.bytes + pixels.length > this.limit) return;
    this.bytes += pixels.length;
    this.pictures.set(file, pixels.slice());
  }
}
