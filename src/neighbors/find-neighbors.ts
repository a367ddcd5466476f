import { UsageError } from '../errors.js';
import { threadCount } from '../engine/machine.js';
import { Best, minusProduct, squaredDistance } from './plain.js';
import { Table } from './table.js';
import { uniqueRows, type UniqueRows } from './unique-rows.js';
import { NeighborSearch } from './search.js';
import { NeighborPool } from './neighbor-pool.js';

const SMALL = 2 ** 23; // up to this many multiplications plain JavaScript is used, without a pool
const SHARED = 2 ** 29; // multiplications from which on threads are worth starting

export interface NeighborOptions {
  /** The number of neighbours. */
  readonly k?: number;
  /** The items whose neighbours are sought (default: all). */
  readonly queries?: ArrayLike<number>;
  /** The items that may be neighbours (default: all). */
  readonly among?: ArrayLike<number>;
  /** Whether to leave each item out of its own neighbours. */
  readonly excludeSelf?: boolean;
  /** Whether to search by the greatest dot product, not by the least Euclidean distance. */
  readonly product?: boolean;
  /** The number of threads (default: as many as the engine has). */
  readonly threads?: number;
}

const defaults = { k: 1, excludeSelf: true, product: false };

/** Holds the neighbours found, `[queries, k]` each, the nearest first. */
export interface FoundNeighbors {
  readonly indexes: Int32Array;
  /** Squared distances, or dot products times -1. */
  readonly values: Float64Array;
}

/**
 * Finds the k nearest items to each, exact in float64; of equally near ones the first. It never holds all pairs.
 *
 * @param embeddings `[n, size] float32`
 * @throws UsageError where a number is infinite or NaN, an item does not exist or there are fewer than k others
 */
export function findNeighbors(embeddings: Float32Array, size: number, options: NeighborOptions = {}): FoundNeighbors {
  const { k, excludeSelf, product } = { ...defaults, ...options };
  const n = rowCount(embeddings, size);
  const queries = items('queries', options.queries, n);
  const among = options.among === undefined ? queriesOrAll(options, queries, n) : ascending(items('among', options.among, n)); // prettier-ignore
  checkCount(k, queries, among, excludeSelf);
  const out = { indexes: new Int32Array(queries.length * k), values: new Float64Array(queries.length * k) };
  const value = product ? minusProduct : squaredDistance;
  const best = new Best(k);
  const put = (at: number): void => {
    out.indexes.set(best.items, at * k);
    out.values.set(best.values, at * k);
    best.clear();
  };
  if (queries.length * among.length * size <= SMALL) {
    queries.forEach((item, at) => {
      for (const other of among)
        if (!(excludeSelf && other === item)) best.add(value(embeddings, size, item, other), other);
      put(at);
    });
    return out;
  }
  const unique = uniqueRows(embeddings, size, among, queries);
  const search = searchRows(embeddings, size, unique, queries, Math.min(k, unique.base), product, options.threads);
  queries.forEach((item, at) => {
    const row = unique.rowOf[item];
    addMembers(best, unique, row, value(embeddings, size, item, item), k, excludeSelf ? item : -1);
    for (let q = row * search.k; q < (row + 1) * search.k; q++)
      if (search.neighbors[q] >= 0) addMembers(best, unique, search.neighbors[q], search.values[q], k, -1);
    put(at);
  });
  return out;
}

/** Offers the first k items that have this row. */
function addMembers(best: Best, unique: UniqueRows, row: number, value: number, k: number, without: number): void {
  const end = Math.min(unique.begins[row + 1], unique.begins[row] + k + 1);
  for (let m = unique.begins[row]; m < end; m++) if (unique.members[m] !== without) best.add(value, unique.members[m]);
}

function searchRows(
  embeddings: Float32Array,
  size: number,
  unique: UniqueRows,
  queries: Int32Array,
  k: number,
  product: boolean,
  threads = threadCount(),
): { k: number; values: Float64Array; neighbors: Int32Array } {
  const all = unique.items.length;
  const base = Int32Array.from({ length: unique.base }, (_, row) => row);
  const sought = Int32Array.from(new Set(queries.map((item) => unique.rowOf[item])));
  const pool = new NeighborPool(unique.base * sought.length * size < SHARED ? 1 : Math.max(1, threads), size);
  try {
    const table = new Table(pool, embeddings, size, unique.items);
    const search = new NeighborSearch(pool, table, { all, base: unique.base }, k, product);
    if (all > 1 && all === unique.base && sought.length > all / 2) search.within(base);
    else if (all > 1) search.among(sought, base);
    return { k, values: search.values, neighbors: search.neighbors };
  } finally {
    pool.close();
  }
}

function rowCount(embeddings: Float32Array, size: number): number {
  const n = embeddings.length / size;
  if (!(Number.isInteger(size) && size >= 1 && Number.isInteger(n)))
    throw new UsageError(
      `invalid embedding size: ${size} for ${embeddings.length} numbers; give a size that divides them`,
    );
  for (let at = 0; at < embeddings.length; at++)
    if (!Number.isFinite(embeddings[at]))
      throw new UsageError(`invalid embedding: ${embeddings[at]} in row ${Math.floor(at / size)}; give finite numbers`);
  return n;
}

function items(name: string, chosen: ArrayLike<number> | undefined, n: number): Int32Array {
  if (chosen === undefined) return Int32Array.from({ length: n }, (_, i) => i);
  for (let at = 0; at < chosen.length; at++)
    if (!(Number.isInteger(chosen[at]) && chosen[at] >= 0 && chosen[at] < n))
      throw new UsageError(`invalid item: ${chosen[at]} in ${name}; there are ${n}, counted from 0`);
  return Int32Array.from(chosen);
}

const ascending = (chosen: Int32Array): Int32Array => Int32Array.from(new Set(chosen)).sort();

const queriesOrAll = ({ queries }: NeighborOptions, chosen: Int32Array, n: number): Int32Array =>
  queries === undefined ? chosen : items('among', undefined, n);

function checkCount(k: number, queries: Int32Array, among: Int32Array, excludeSelf: boolean): void {
  const own = new Set(among);
  const others = among.length - Number(excludeSelf && queries.some((item) => own.has(item)));
  if (!(Number.isInteger(k) && k >= 1 && (k <= others || queries.length === 0)))
    throw new UsageError(
      `invalid k: ${k}; ${others > 0 ? `give at most ${others}, the number of other items` : 'there is no other item, give more'}`,
    );
}
