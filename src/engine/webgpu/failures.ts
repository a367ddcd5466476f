import { OutOfMemory } from '../out-of-memory.js';
import type { GpuDevice } from './dawn.js';

const memory =
  /out of memory|exceeds the max (storage )?buffer (binding )?size|buffer size .* exceeds|size is too large/i;

const firstLine = (message: string): string =>
  message
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim() ?? 'no reason given';

/**
 * Remembers what went wrong on a device.
 *
 * WebGPU reports errors after the call that caused them, and goes on computing with invalid buffers. All numbers since
 * then may be wrong, and each read throws until the engine is started again.
 */
export class Failures {
  private failure: Error | undefined;
  /** Whether the device is gone for good. */
  lost = false;

  constructor(
    device: GpuDevice,
    private readonly name: string,
  ) {
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault();
      this.failure ??= this.error(event.error.message);
    });
    void device.lost.then(({ message }) => {
      this.lose(message);
    });
  }

  lose(message: string): void {
    this.lost = true;
    this.failure ??= new Error(`the GPU was lost: ${firstLine(message)}; start again`);
  }

  /** Makes an error of WebGPU's message. */
  error(message: string): Error {
    const reason = firstLine(message);
    return memory.test(message)
      ? new OutOfMemory(this.name, reason)
      : new Error(`${this.name} does not compute: ${reason}`);
  }

  /** @throws Error where something went wrong */
  check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Forgets the error: numbers computed from here on are trusted again. */
  forgive(): void {
    if (!this.lost) this.failure = undefined;
  }
}
