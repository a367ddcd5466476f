import { UsageError } from '../errors.js';

const N = 624;
const M = 397;

/**
 * Generates the random bits of the 32-bit Mersenne Twister MT19937.
 *
 * Its period is 2^19937 - 1, and a draw is 32 uniform bits. It is seeded in both of the authors' ways: `fromSeed` is
 * `init_genrand` (numpy's `RandomState(seed)`), `fromArray` is `init_by_array` (CPython's `random.seed`).
 *
 * Source: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), as revised by the authors in 2002.
 */
export class MersenneTwister {
  private readonly words = new Uint32Array(N);
  private index = N;

  private constructor() {
    // fromSeed or fromArray seeds it.
  }

  /** Seeds by `init_genrand(seed)`, with the seed modulo 2^32. */
  static fromSeed(seed: number): MersenneTwister {
    const twister = new MersenneTwister();
    twister.initialize(seed);
    return twister;
  }

  /**
   * Seeds by `init_by_array(key)`, with a key of at least one 32-bit word.
   *
   * @throws UsageError where the key is empty
   */
  static fromArray(key: ArrayLike<number>): MersenneTwister {
    if (key.length === 0) throw new UsageError('invalid random key: no words; give at least one');
    const twister = new MersenneTwister();
    twister.initialize(19650218);
    const words = twister.words;
    let i = 1;
    let j = 0;
    for (let k = Math.max(N, key.length); k > 0; k--) {
      words[i] = (words[i] ^ Math.imul(words[i - 1] ^ (words[i - 1] >>> 30), 1664525)) + (key[j] | 0) + j;
      if (++i === N) {
        words[0] = words[N - 1];
        i = 1;
      }
      if (++j === key.length) j = 0;
    }
    for (let k = N - 1; k > 0; k--) {
      words[i] = (words[i] ^ Math.imul(words[i - 1] ^ (words[i - 1] >>> 30), 1566083941)) - i;
      if (++i === N) {
        words[0] = words[N - 1];
        i = 1;
      }
    }
    words[0] = 0x80000000;
    return twister;
  }

  /** Draws 32 uniform bits, 0 to 2^32 - 1. */
  uint32(): number {
    if (this.index >= N) this.twist();
    let y = this.words[this.index++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Draws uniformly from [0, 1) with 53 bits: (a 2^26 + b) / 2^53 of 27 and 26 bits, as in CPython and numpy. */
  double(): number {
    const a = this.uint32() >>> 5;
    const b = this.uint32() >>> 6;
    return (a * 67108864 + b) / 9007199254740992;
  }

  /** Returns the state, `[625]`: the 624 words and the position among them, as in CPython's `getstate`. */
  state(): Uint32Array {
    const state = new Uint32Array(N + 1);
    state.set(this.words);
    state[N] = this.index;
    return state;
  }

  /**
   * Continues from a state that `state()` returned.
   *
   * @throws UsageError where it is not 624 words and a position of at most 624
   */
  restore(state: Uint32Array): void {
    if (state.length !== N + 1 || state[N] > N)
      throw new UsageError(`invalid random state: ${state.length} words; it has 624 and a position of 0 to 624`);
    this.words.set(state.subarray(0, N));
    this.index = state[N];
  }

  private initialize(seed: number): void {
    const words = this.words;
    words[0] = seed;
    for (let i = 1; i < N; i++) words[i] = Math.imul(words[i - 1] ^ (words[i - 1] >>> 30), 1812433253) + i;
    this.index = N;
  }

  private twist(): void {
    const words = this.words;
    for (let i = 0; i < N - M; i++) words[i] = words[i + M] ^ mixed(words[i], words[i + 1]);
    for (let i = N - M; i < N - 1; i++) words[i] = words[i + M - N] ^ mixed(words[i], words[i + 1]);
    words[N - 1] = words[M - 1] ^ mixed(words[N - 1], words[0]);
    this.index = 0;
  }
}

function mixed(high: number, low: number): number {
  const y = (high & 0x80000000) | (low & 0x7fffffff);
  return (y >>> 1) ^ (-(y & 1) & 0x9908b0df);
}
