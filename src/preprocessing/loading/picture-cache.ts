/**
 * Keeps pictures prepared for evaluation, `[size, size, 3] uint8` by file, up to a number of bytes.
 *
 * Nothing is dropped: evaluation goes through the same pictures in the same order, so that dropping the least recently
 * used one would drop each picture just before it is needed.
 */
export class PictureCache {
  private readonly pictures = new Map<string, Uint8Array>();
  private bytes = 0;

  constructor(private readonly limit: number) {}

  get(file: string): Uint8Array | undefined {
    return this.pictures.get(file);
  }

  /** Keeps a copy of a picture, if there is room. */
  put(file: string, pixels: Uint8Array): void {
    if (this.pictures.has(file) || this.bytes + pixels.length > this.limit) return;
    this.bytes += pixels.length;
    this.pictures.set(file, pixels.slice());
  }
}
