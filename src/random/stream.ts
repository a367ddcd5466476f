import { createHash } from 'node:crypto';
import { UsageError } from '../errors.js';
import { MersenneTwister } from './mersenne-twister.js';

/**
 * Draws from a named stream of random numbers: the same seed and names give the same numbers, any other names
 * independent ones.
 *
 * Each use (initial weights, order of items, augmentation) has its own stream, so that none changes another's draws. It
 * is a Mersenne Twister keyed by the SHA-256 of `[seed, ...names]`.
 */
export class RandomStream {
  private readonly twister: MersenneTwister;

  /**
   * Makes the stream of a seed and names, as in `new RandomStream(configuration.seed, 'init', repetition)`.
   *
   * @throws UsageError where the seed is not an integer below 2^53
   */
  constructor(seed: number, ...names: (string | number)[]) {
    if (!Number.isSafeInteger(seed)) throw new UsageError(`invalid seed: ${seed}; give an integer below 2^53`);
    const digest = createHash('sha256')
      .update(JSON.stringify([seed, ...names]))
      .digest();
    this.twister = MersenneTwister.fromArray(Array.from({ length: 8 }, (_, i) => digest.readUInt32LE(4 * i)));
  }

  /** Draws uniformly from [0, 1), with 53 bits. */
  uniform(): number {
    return this.twister.double();
  }

  /**
   * Draws an integer uniformly from 0 to n - 1.
   *
   * @throws UsageError where n is not an integer from 1 to 2^31 - 1
   */
  integer(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= 0x7fffffff))
      throw new UsageError(`invalid range: ${n}; give an integer from 1 to 2147483647`);
    const shift = Math.clz32(n);
    let drawn = this.twister.uint32() >>> shift;
    while (drawn >= n) drawn = this.twister.uint32() >>> shift;
    return drawn;
  }

  /** Draws from the normal distribution of mean 0 and variance 1 (first value of Marsaglia's polar method). */
  normal(): number {
    for (;;) {
      const u = 2 * this.twister.double() - 1;
      const v = 2 * this.twister.double() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  }

  /** Fills `[n] float32` with mean + std z, z normal. It uses both values of the polar method, unlike `normal`. */
  fillNormal(out: Float32Array, mean: number, std: number): void {
    for (let i = 0; i < out.length;) {
      const u = 2 * this.twister.double() - 1;
      const v = 2 * this.twister.double() - 1;
      const s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const scale = std * Math.sqrt((-2 * Math.log(s)) / s);
      out[i++] = mean + scale * u;
      if (i < out.length) out[i++] = mean + scale * v;
    }
  }

  /** Draws a uniform permutation of 0 to n - 1: `[n] int32`. */
  permutation(n: number): Int32Array {
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      const j = this.integer(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Returns the state on which the next draws depend: `[625]`. */
  state(): Uint32Array {
    return this.twister.state();
  }

  /** Continues from a state that `state()` returned. */
  restore(state: Uint32Array): void {
    this.twister.restore(state);
  }
}
