import { leadersOf, type Leaders } from './clusters.js';
import { reserveJob, type JobMemory } from './job-memory.js';
import { CandidateLists } from './lists.js';
import * as layout from './memory-layout.js';
import { RowSet, writeFrame, type Frame } from './quantize.js';
import type { Table } from './table.js';
import type { NeighborPool } from './neighbor-pool.js';

const FEW = 128; // up to this many rows, all pairs are computed exactly
const PROBED = 64; // this many rows are tried first, to find integers, thresholds and the length of the lists
const WORTH_PROBING = 4096; // only from this many rows on
const SHORTEST = 8; // entries of the shortest list of candidates
const SPARE = 24; // entries more than expected, which cost little behind a threshold
const LONGEST = 512; // entries of the longest list that every row gets
const CROWDED = 64; // candidates left to compute exactly, above which int16 is tried, and then clusters
const LONG = 4096; // entries of the longer lists, which one chunk of rows gets at a time
const CHUNK = 1024; // rows of a chunk
const DEEPEST = 6; // levels of clusters within clusters

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(least));

/**
 * Finds the k nearest rows of a table to each row, exactly.
 *
 * Products of quantised rows, of which symmetry saves half, give upper bounds of all scores: of int7 and int8 where
 * relaxed SIMD has them and a few rows that are tried first are left with few candidates, else of int16. The rows with
 * the best bounds, above a score that those tried first suggest, are listed and computed in float64 until no other one
 * can be among the k best. Rows of which the list does not prove that get a longer one, or are compared with all rows.
 * In tight clusters the bounds do not separate neighbours. Then each cluster is searched by itself, in finer units, and
 * the triangle inequality shows for which rows that suffices.
 */
export class NeighborSearch {
  /** `[rows, k]`, best first: squared distances, or products times -1. */
  readonly values: Float64Array;
  /** `[rows, k]` rows of the table, -1 for none. */
  readonly neighbors: Int32Array;
  private readonly base: RowSet;
  private readonly chunk: RowSet;
  private readonly at: JobMemory;
  private readonly lists: CandidateLists;
  private narrow = false; // whether the base is quantised to int7 and int8

  constructor(
    private readonly pool: NeighborPool,
    private readonly table: Table,
    rows: { readonly all: number; readonly base: number },
    private readonly k: number,
    private readonly product: boolean,
  ) {
    this.values = new Float64Array(rows.all * k).fill(Infinity);
    this.neighbors = new Int32Array(rows.all * k).fill(-1);
    this.base = new RowSet(pool, table, rows.base);
    this.chunk = new RowSet(pool, table, CHUNK);
    this.lists = new CandidateLists(pool);
    this.at = reserveJob(pool, table, Math.max(rows.base, CHUNK), k);
    pool.set(layout.JOB_PRODUCT, Number(product));
  }

  /** Searches for each of the rows among all of them, except itself. */
  within(rows: Int32Array, depth = 0): void {
    const { base, k } = this;
    base.choose(rows);
    if (rows.length <= FEW || k > LONG / 2) return this.scan(base, rows);
    const frame = this.begin(rows);
    if (k > LONGEST / 4) {
      this.quantize(false);
      return this.resolve(rows, frame);
    }
    const probed = rows.length >= WORTH_PROBING;
    this.quantize(probed && this.pool.canNarrow);
    let band = probed ? this.probe(rows) : 0;
    if (this.narrow && band > CROWDED) {
      this.quantize(false);
      band = this.probe(rows);
    }
    if (band > CROWDED && depth < DEEPEST && this.clusters(rows, depth)) return;
    const expected = Math.max(SHORTEST, 2 * k, Math.ceil(1.5 * band));
    // for nearly every row, `expected` others reach this score: the least that so many reach for each of those probed
    const guess = probed ? this.lists.leastScore(Math.min(expected, LONGEST) - 1, PROBED, LONGEST) : -Infinity;
    const length = Math.min(LONGEST, probed ? expected + SPARE : expected);
    this.resolve(this.pass(base, length, new Float32Array(rows.length).fill(guess), !probed), frame);
  }

  /** Searches for each of the queries among `rows`, except itself. */
  among(queries: Int32Array, rows: Int32Array): void {
    this.base.choose(rows);
    if (rows.length <= FEW || this.k > LONG / 2) {
      this.inChunks(queries, () => {
        this.scan(this.chunk, this.chunk.rows);
      });
      return;
    }
    const frame = this.begin(rows);
    this.quantize(false);
    const length = powerOfTwo(4 * Math.max(SHORTEST, this.k));
    const unproven: number[] = [];
    this.inChunks(queries, () => {
      this.chunk.quantize(this.narrow);
      unproven.push(...this.pass(this.chunk, length));
    });
    this.resolve(Int32Array.from(unproven), frame);
  }

  /** Chooses the base and its frame. */
  private begin(rows: Int32Array): Frame {
    const { base, pool, at } = this;
    base.choose(rows);
    const frame = base.frame();
    pool.set(layout.JOB_BASE, base.at);
    writeFrame(pool, at.frame, frame);
    return frame;
  }

  private quantize(narrow: boolean): void {
    this.narrow = narrow;
    this.base.quantize(narrow);
  }

  private inChunks(rows: Int32Array, work: (part: Int32Array) => void): void {
    for (let at = 0; at < rows.length; at += CHUNK) {
      const part = rows.subarray(at, at + CHUNK);
      this.chunk.choose(part);
      work(part);
    }
  }

  /**
   * Lists the best of the base for each query and computes them exactly; returns the queries not proven by this.
   *
   * @param thresholds scores that listed candidates exceed
   * @param sure whether no neighbour has a lower score than these
   */
  private pass(queries: RowSet, length: number, thresholds?: Float32Array, sure = true): Int32Array {
    const { pool, base } = this;
    const count = queries.rows.length;
    const padded = Math.ceil(count / layout.PANEL) * layout.PANEL;
    const own = pool.floats(this.at.thresholds, padded).fill(-Infinity, 0, count).fill(Infinity, count);
    if (thresholds !== undefined) own.set(thresholds);
    this.lists.clear(count, length, thresholds);
    pool.set(layout.JOB_LISTS, this.lists.at);
    pool.set(layout.JOB_QUERIES, queries.at);
    pool.set(layout.JOB_LENGTH, length);
    pool.set(layout.JOB_SURE, Number(sure));
    const blocks = Math.ceil(count / layout.BLOCK);
    const players = blocks + (blocks % 2);
    if (queries === base) pool.run(layout.KIND_PAIRS, blocks + (players * (players - 1)) / 2);
    else pool.run(layout.KIND_SCORES, Math.ceil(count / layout.QUERY_BLOCK));
    pool.run(layout.KIND_CHECK, Math.ceil(count / layout.ROW_BLOCK));
    this.store(queries.rows);
    const checked = pool.ints(this.at.checked, count);
    return queries.rows.filter((_, i) => checked[i] < 0);
  }

  private store(rows: Int32Array): void {
    const { pool, k } = this;
    const [values, neighbors] = [
      pool.doubles(this.at.values, rows.length * k),
      pool.ints(this.at.neighbors, rows.length * k),
    ];
    rows.forEach((row, i) => {
      this.values.set(values.subarray(i * k, (i + 1) * k), row * k);
      this.neighbors.set(neighbors.subarray(i * k, (i + 1) * k), row * k);
    });
  }

  /** Estimates the ninth decile of the number of rows that the bound leaves to be computed exactly for one row. */
  private probe(rows: Int32Array): number {
    const { chunk } = this;
    chunk.choose(Int32Array.from({ length: PROBED }, (_, i) => rows[Math.floor(((i + 0.5) * rows.length) / PROBED)]));
    chunk.quantize(this.narrow);
    this.pass(chunk, LONGEST);
    const checked = this.pool.ints(this.at.checked, PROBED).map((count) => (count < 0 ? LONGEST : count));
    return checked.sort()[Math.floor(0.9 * PROBED)];
  }

  /** Finishes rows whose list was too short: a candidate has to beat the best values known so far. */
  private resolve(rows: Int32Array, frame: Frame): void {
    const { chunk, k, product } = this;
    this.inChunks(rows, (part) => {
      chunk.quantize(this.narrow);
      const thresholds = Float32Array.from(part, (row, i) =>
        chunk.scoreBelow(i, this.values[(row + 1) * k - 1], frame.unit, product),
      );
      const left = this.pass(chunk, Math.max(LONG, powerOfTwo(2 * k)), thresholds);
      if (left.length > 0) this.scan(chunk, left);
    });
  }

  /** Compares rows with the whole base, exactly. */
  private scan(queries: RowSet, rows: Int32Array): void {
    const { pool, base } = this;
    queries.choose(rows);
    pool.set(layout.JOB_QUERIES, queries.at);
    pool.set(layout.JOB_BASE, base.at);
    pool.run(layout.KIND_SCAN, rows.length);
    this.store(rows);
  }

  /** Searches clusters one by one; returns false if the rows have no tight clusters. */
  private clusters(rows: Int32Array, depth: number): boolean {
    const { table, k } = this;
    const norms = this.product ? table.distances(rows, new Float64Array(table.size)) : undefined;
    const leaders = leadersOf(rows, (leader, product) => this.measure(leader, product), norms);
    if (leaders === undefined) return false;
    leaders.members.forEach((members) => {
      if (members.length > k) this.within(members, depth + 1);
    });
    const open = rows.filter((row, i) => !this.settled(leaders, row, i));
    if (open.length > 0) {
      const frame = this.begin(rows);
      this.quantize(false);
      this.resolve(open, frame);
    }
    return true;
  }

  private settled(leaders: Leaders, row: number, i: number): boolean {
    const last = this.values[(row + 1) * this.k - 1];
    return leaders.members[leaders.group[i]].length > this.k && leaders.noneNearer(i, last);
  }

  /** Computes the values of the chosen base with a row. */
  private measure(leader: number, product: boolean): Float64Array {
    const { pool, base } = this;
    const count = base.rows.length;
    pool.set(layout.JOB_QUERIES, base.at);
    pool.set(layout.JOB_LEADER, leader);
    pool.set(layout.JOB_PRODUCT, Number(product));
    pool.run(layout.KIND_MEASURE, Math.ceil(count / layout.ROW_BLOCK));
    pool.set(layout.JOB_PRODUCT, Number(this.product));
    return pool.doubles(this.at.measures, count);
  }
}
