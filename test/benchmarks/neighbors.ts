import { threadCount } from '../../src/engine/machine.js';
import { kindNames } from './neighbors-data.js';
import { neighborRow } from './neighbors-rounds.js';
import { isQuick, listOf, numberOf, Rows, type Options, type Report } from './report.js';
import { limitsOf } from './rounds.js';

// Exact nearest neighbours of embeddings of several kinds, and of as many as SOP's test half has, in turns with faiss flat.
// Options: items=15000 sop=60502 (no: none) threads=1,2 kinds=isotropic,classes rounds=2 seconds=240 (for each row).

const defaults = { items: 15000, sop: 60502, rounds: 2, seconds: 240 };
const quick = { items: 1000, sop: 2000, rounds: 1 };

/** Seconds of all rows, and peak memory. */
export async function benchmarkNeighbors(options: Options): Promise<Report> {
  const n = numberOf(options, 'items', defaults.items, quick.items);
  const counts = [...new Set([1, threadCount()])].map(String);
  const threads = (options['threads']?.split(',') ?? counts).map(Number);
  const chosen = listOf(options, 'kinds', kindNames);
  const notes = new Set(["'none of its nearer': the share of 200 rows whose neighbour by the other is not nearer"]);
  const limits = limitsOf(options, notes, defaults, quick);
  const rows = new Rows();
  for (const kind of isQuick(options) ? chosen.slice(0, 1) : chosen)
    for (const count of threads) rows.add(await neighborRow(kind, n, count, limits));
  if (options['sop'] !== 'no')
    rows.add(
      await neighborRow('classes', numberOf(options, 'sop', defaults.sop, quick.sop), Math.max(...threads), limits),
    );
  return { rows: rows.rows, notes: [...notes] };
}
