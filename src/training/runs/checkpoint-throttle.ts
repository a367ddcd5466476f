/** Lets checkpoints take at most a twentieth of the time, and waits half a second between them at least. */
export class CheckpointThrottle {
  private last = performance.now();
  private cost = 0; // ms, of the last one

  isDue(): boolean {
    return performance.now() - this.last > Math.max(500, 20 * this.cost);
  }

  measure(work: () => void): void {
    const start = performance.now();
    work();
    this.last = performance.now();
    this.cost = this.last - start;
  }
}
