import { UsageError } from '../errors.js';
import { MersenneTwister } from './mersenne-twister.js';

/**
 * Gives the same draws as numpy's `RandomState(seed)`: MT19937 seeded by `init_genrand`.
 *
 * Source: `numpy/random/mtrand.pyx` and `src/distributions/distributions.c`, frozen since numpy 1.17.
 */
export class NumpyRandom {
  private readonly twister: MersenneTwister;

  /** @throws UsageError where the seed is not an integer from 0 to 2^32 - 1 */
  constructor(seed: number) {
    if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32))
      throw new UsageError(`invalid seed: ${seed}; numpy takes integers from 0 to 4294967295`);
    this.twister = MersenneTwister.fromSeed(seed);
  }

  /**
   * Draws `choice(n, size=count)`, which is `randint(0, n, count)`: `[count] int32`. Each draw is 32 bits masked to
   * those of n - 1, drawn again while larger; n = 1 draws nothing.
   *
   * @throws UsageError where n is not an integer from 1 to 2^31
   */
  choice(n: number, count: number): Int32Array {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 31))
      throw new UsageError(`invalid range: ${n}; give an integer from 1 to 2147483648`);
    const drawn = new Int32Array(count);
    if (n === 1) return drawn;
    const mask = 0xffffffff >>> Math.clz32(n - 1);
    for (let i = 0; i < count; i++) {
      let value = this.twister.uint32() & mask;
      while (value >= n) value = this.twister.uint32() & mask;
      drawn[i] = value;
    }
    return drawn;
  }
}
