import type { NeighborPool } from './neighbor-pool.js';

const NONE = 0x807fffff | 0; // -infinity, in the order of int32

/** Holds the candidates of many rows: for each a heap of int64, upper half the score, lower half the candidate. */
export class CandidateLists {
  at = 0;
  private bytes = 0;

  constructor(private readonly pool: NeighborPool) {}

  /** Fills `count` lists with empty entries; their score is the one that a candidate has to beat. */
  clear(count: number, length: number, thresholds?: Float32Array): void {
    const bytes = 8 * count * length;
    if (bytes > this.bytes) [this.at, this.bytes] = [this.pool.reserve(bytes), bytes];
    const entries = this.pool.ints(this.at, 2 * count * length);
    const bits = thresholds && new Int32Array(thresholds.buffer, thresholds.byteOffset, count);
    for (let i = 0; i < count; i++) {
      const score = bits === undefined ? NONE : bits[i] ^ ((bits[i] >> 31) & 0x7fffffff);
      for (let at = 2 * i * length; at < 2 * (i + 1) * length; at += 2) {
        entries[at] = 0;
        entries[at + 1] = score;
      }
    }
  }

  /** Returns the score of an entry. */
  score(entry: number): number {
    const bits = this.pool.ints(this.at + 8 * entry + 4, 1);
    return new Float32Array(bits.map((key) => key ^ ((key >> 31) & 0x7fffffff)).buffer)[0];
  }

  /** Returns the least score at a place of the first `count` lists, which the check has sorted, the best first. */
  leastScore(place: number, count: number, length: number): number {
    return Math.min(...Array.from({ length: count }, (_, list) => this.score(list * length + place)));
  }
}
