/** Limits checkpoints to a twentieth of the time, with at least half a second between two. */
export class CheckpointThrottle {
  private last = performance.now();
  private cost = 0; // ms that the last one took

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
