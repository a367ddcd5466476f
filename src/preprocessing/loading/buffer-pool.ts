/** Reuses shared memory for jobs, so that a long run holds no more than its jobs need at a time. */
export class BufferPool {
  private readonly free: SharedArrayBuffer[] = [];

  take(bytes: number): SharedArrayBuffer {
    const fitting = this.free.findIndex(({ byteLength }) => byteLength >= bytes);
    if (fitting >= 0) return this.free.splice(fitting, 1)[0];
    this.free.pop(); // too small: a larger one replaces it
    return new SharedArrayBuffer(bytes);
  }

  give(memory: SharedArrayBuffer): void {
    this.free.push(memory);
  }
}
