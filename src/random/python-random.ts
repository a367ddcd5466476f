import { UsageError } from '../errors.js';
import { MersenneTwister } from './mersenne-twister.js';

/** Is anything that can be shuffled in place: an array or a typed array. */
export interface MutableArrayLike<T> {
  readonly length: number;
  [index: number]: T;
}

/**
 * Gives the same draws as CPython's `random.Random(seed)` (versions 3.2 to 3.13).
 *
 * Splits and batches of triplets are drawn from it, so they equal those that Python makes by the same calls in the same
 * order.
 *
 * Source: `Lib/random.py` and `Modules/_randommodule.c` of CPython, as documented at
 * docs.python.org/3/library/random.html.
 */
export class PythonRandom {
  private readonly twister: MersenneTwister;

  /**
   * Seeds as `random.seed(seed)` does: by the 32-bit words of |seed|, lowest first.
   *
   * @throws UsageError where the seed is not an integer below 2^53
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) throw new UsageError(`invalid seed: ${seed}; give an integer below 2^53`);
    const size = Math.abs(seed);
    const high = Math.floor(size / 2 ** 32);
    this.twister = MersenneTwister.fromArray(high > 0 ? [size, high] : [size]);
  }

  /** Draws uniformly from [0, 1), with 53 bits. */
  random(): number {
    return this.twister.double();
  }

  /**
   * Draws k uniform bits, 0 <= k <= 53 (a number holds no more exactly).
   *
   * @throws UsageError for another k
   */
  getrandbits(k: number): number {
    if (!(Number.isInteger(k) && k >= 0 && k <= 53)) throw new UsageError(`invalid bits: ${k}; give 0 to 53`);
    if (k === 0) return 0;
    if (k <= 32) return this.twister.uint32() >>> (32 - k);
    const low = this.twister.uint32();
    return (this.twister.uint32() >>> (64 - k)) * 2 ** 32 + low;
  }

  /** Draws as `_randbelow`: uniformly from 0 to n - 1, n >= 1; larger draws of n's number of bits are rejected. */
  below(n: number): number {
    if (n > 0x7fffffff) return this.belowLarge(n);
    const shift = Math.clz32(n);
    let drawn = this.twister.uint32() >>> shift;
    while (drawn >= n) drawn = this.twister.uint32() >>> shift;
    return drawn;
  }

  /**
   * Draws uniformly from 0 to n - 1.
   *
   * @throws UsageError where n is not an integer from 1 to 2^53 - 1
   */
  randrange(n: number): number {
    if (!(Number.isSafeInteger(n) && n >= 1))
      throw new UsageError(`invalid range: ${n}; give an integer of at least 1`);
    return this.below(n);
  }

  /** Shuffles in place (Fisher-Yates, from the end). */
  shuffle<T>(array: MutableArrayLike<T>): void {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = array[i];
      array[i] = array[j];
      array[j] = kept;
    }
  }

  /**
   * Draws k different elements in random order.
   *
   * @throws UsageError where the pool has fewer than k
   */
  sample<T>(pool: ArrayLike<T>, k: number): T[] {
    return Array.from(this.sampleIndexes(pool.length, k), (index) => pool[index]);
  }

  /**
   * Draws `sample(range(n), k)`: `[k]` different indexes below n.
   *
   * @throws UsageError where n is less than k
   */
  sampleIndexes(n: number, k: number): Int32Array {
    if (!(Number.isInteger(k) && k >= 0 && k <= n))
      throw new UsageError(`invalid sample: ${k} of ${n}; give 0 to ${n}`);
    return n <= poolLimit(k) ? this.sampleByPool(n, k) : this.sampleByRejection(n, k);
  }

  /** Draws `more_itertools.random_permutation(pool)`, which is `sample(pool, len(pool))`. */
  permutation<T>(pool: ArrayLike<T>): T[] {
    return this.sample(pool, pool.length);
  }

  /**
   * Draws one element.
   *
   * @throws UsageError where the pool is empty
   */
  choice<T>(pool: ArrayLike<T>): T {
    if (pool.length === 0) throw new UsageError('invalid choice: nothing to choose from; give at least one element');
    return pool[this.below(pool.length)];
  }

  /** Returns the state, `[625]`: the part of `getstate()` on which the next draws depend. */
  state(): Uint32Array {
    return this.twister.state();
  }

  /** Continues from a state that `state()` returned. */
  restore(state: Uint32Array): void {
    this.twister.restore(state);
  }

  private belowLarge(n: number): number {
    const bits = n.toString(2).length;
    let drawn = this.getrandbits(bits);
    while (drawn >= n) drawn = this.getrandbits(bits);
    return drawn;
  }

  private sampleByPool(n: number, k: number): Int32Array {
    const pool = new Int32Array(n);
    for (let i = 0; i < n; i++) pool[i] = i;
    const result = new Int32Array(k);
    for (let i = 0; i < k; i++) {
      const j = this.below(n - i);
      result[i] = pool[j];
      pool[j] = pool[n - i - 1];
    }
    return result;
  }

  private sampleByRejection(n: number, k: number): Int32Array {
    const drawn = new Set<number>();
    const result = new Int32Array(k);
    for (let i = 0; i < k; i++) {
      let j = this.below(n);
      while (drawn.has(j)) j = this.below(n);
      drawn.add(j);
      result[i] = j;
    }
    return result;
  }
}

/** Returns the largest population that CPython copies: 21, plus 4^ceil(log4(3k)) for k > 5. Above that it rejects. */
function poolLimit(k: number): number {
  let power = 1;
  while (power < 3 * k) power *= 4;
  return 21 + (k > 5 ? power : 0);
}
