const later = globalThis.setImmediate;
const cell = new Int32Array(new SharedArrayBuffer(4));

const SPINS = 200; // checks before it sleeps between two of them
const NAP = 0.05; // ms

/**
 * Lets JavaScript wait for the GPU without returning to the event loop.
 *
 * Dawn checks what the GPU has finished in callbacks that it passes to the global `setImmediate`. `during` runs calls
 * that start such work, with that function replaced by one that remembers the callback. `wait` calls the callback
 * itself; if nothing waits, the event loop calls it.
 */
export class Events {
  private next: (() => void) | undefined;

  /** Runs calls to WebGPU whose work ends later. */
  during<T>(work: () => T): T {
    const before = globalThis.setImmediate;
    globalThis.setImmediate = this.remember as unknown as typeof setImmediate;
    try {
      return work();
    } finally {
      globalThis.setImmediate = before;
    }
  }

  /**
   * Waits until a condition holds.
   *
   * @throws Error where no work is under way that could make it hold
   */
  wait(done: () => boolean): void {
    for (let spins = 0; !done(); spins++) {
      if (!this.step()) throw new Error('the GPU was asked for nothing that could be waited for');
      if (spins > SPINS) Atomics.wait(cell, 0, 0, NAP);
    }
  }

  /** Lets Dawn check once; returns whether it had asked to. */
  step(): boolean {
    const callback = this.next;
    if (callback === undefined) return false;
    this.next = undefined;
    this.during(callback);
    return true;
  }

  private readonly remember = (callback: () => void): void => {
    this.next = callback;
    later(() => {
      if (this.next === callback) this.step();
    });
  };
}
