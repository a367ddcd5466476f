// Scores of four queries with eight base rows at a time: products of quantised rows, and the most that rounding took from them.
import * as layout from '../memory-layout';
import { insertTile } from './insert-candidates';
import { chunkStarts, products } from './products';

/**
 * Computes queries [from, to) with the base panels [first, last). With `both`, each pair is offered to the lists of
 * both rows.
 */
function tile(job: usize, from: i32, to: i32, first: i32, last: i32, both: bool, scratch: usize): void {
  const queries = load<usize>(job, layout.JOB_QUERIES), base = load<usize>(job, layout.JOB_BASE);
  const narrow = load<i32>(job, layout.JOB_NARROW) != 0, bytes = (<usize>load<i32>(job, layout.JOB_PAIRS) << 5) >> usize(narrow);
  const qPanels = load<usize>(queries, layout.SET_PANELS), bPanels = load<usize>(base + layout.SET_BASE, layout.SET_PANELS);
  const starts = scratch + layout.TILE_BYTES;
  for (let p = first; p < last; p++) {
    const panel = bPanels + <usize>p * bytes;
    if (narrow) chunkStarts(panel, bytes, starts);
    for (let i = from; i < to; i += 4) {
      products(qPanels + <usize>(i >> 3) * bytes + (<usize>(i & 4) << 2), panel, bytes, narrow, starts, scratch);
      insertTile(job, i, p << 3, both, scratch);
    }
  }
}

// @ts-ignore: decorator
@inline
function lock(at: usize): void {
  while (atomic.cmpxchg<i32>(at, 0, 1) != 0) {}
}

/**
 * Computes a pair of blocks of one set: first each block with itself, then all pairs in the order of a round-robin
 * tournament. There, consecutive tasks share no block, so that threads rarely wait for the locks on the blocks' lists.
 */
export function pairs(job: usize, task: i32, scratch: usize): void {
  const count = load<i32>(load<usize>(job, layout.JOB_BASE), layout.SET_COUNT), locks = load<usize>(job, layout.JOB_LOCKS);
  const rows = (count + layout.PANEL - 1) & -layout.PANEL, blocks = (count + layout.BLOCK - 1) / layout.BLOCK;
  let I = task, J = task;
  if (task >= blocks) {
    const players = blocks + (blocks & 1), others = players - 1, t = task - blocks;
    const round = t / (players / 2), p = t % (players / 2);
    I = p == 0 ? others : (round + p) % others;
    J = p == 0 ? round : (round - p + others) % others;
    if (I > J) {
      const swap = I;
      I = J;
      J = swap;
    }
    if (J >= blocks) return; // with an odd number of blocks, one has no partner
  }
  const lockI = locks + (<usize>I << 2), lockJ = locks + (<usize>J << 2);
  lock(lockI);
  if (I != J) lock(lockJ);
  tile(job, I * layout.BLOCK, min((I + 1) * layout.BLOCK, rows), J * layout.BLOCK / layout.PANEL, min((J + 1) * layout.BLOCK, rows) / layout.PANEL, I != J, scratch);
  atomic.store<i32>(lockI, 0);
  if (I != J) atomic.store<i32>(lockJ, 0);
}

/** Computes a block of queries with the whole base. */
export function scores(job: usize, task: i32, scratch: usize): void {
  const queries = load<i32>(load<usize>(job, layout.JOB_QUERIES), layout.SET_COUNT);
  const base = load<i32>(load<usize>(job, layout.JOB_BASE), layout.SET_COUNT);
  const from = task * layout.QUERY_BLOCK, to = min(from + layout.QUERY_BLOCK, (queries + 3) & -4);
  tile(job, from, to, 0, (base + layout.PANEL - 1) / layout.PANEL, false, scratch);
}
