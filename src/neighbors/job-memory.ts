import * as layout from './memory-layout.js';
import type { NeighborPool } from './neighbor-pool.js';
import type { Table } from './table.js';

const fields = {
  frame: layout.JOB_FRAME,
  thresholds: layout.JOB_THRESHOLDS,
  values: layout.JOB_VALUES,
  neighbors: layout.JOB_NEIGHBORS,
  checked: layout.JOB_CHECKED,
  measures: layout.JOB_MEASURES,
  locks: layout.JOB_LOCKS,
};

/** Addresses of what the jobs of a search read and write. */
export type JobMemory = Readonly<Record<keyof typeof fields, number>>;

/** Reserves memory for jobs of at most `count` queries that seek k rows of a table, and tells the kernels where it is. */
export function reserveJob(pool: NeighborPool, table: Table, count: number, k: number): JobMemory {
  const most = count + layout.PANEL;
  const bytes: JobMemory = {
    frame: layout.FRAME_CENTER + 8 * table.stride,
    thresholds: 4 * most,
    values: 8 * k * most,
    neighbors: 4 * k * most,
    checked: 4 * most,
    measures: 8 * most,
    locks: 4 * Math.ceil(most / layout.BLOCK),
  };
  pool.set(layout.JOB_TABLE, table.at);
  pool.set(layout.JOB_STRIDE, 4 * table.stride);
  pool.set(layout.JOB_PAIRS, table.pairs);
  pool.set(layout.JOB_K, k);
  const place = ([name, field]: [string, number]): [string, number] => {
    const at = pool.reserve(bytes[name as keyof JobMemory]);
    pool.set(field, at);
    return [name, at];
  };
  return Object.fromEntries(Object.entries(fields).map(place)) as JobMemory;
}
