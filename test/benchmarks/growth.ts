import { threadCount } from '../../src/engine/machine.js';
import { training } from './command.js';
import { lossCases, type LossCase } from './loss-cases.js';
import { lossRounds } from './loss-rounds.js';
import { neighborRow } from './neighbors-rounds.js';
import { compared, isQuick, listOf, medianOf, Rows, type Options, type Report, type Row } from './report.js';
import { Rival } from './rival.js';
import { inTurns, limitsOf, type RoundsOptions } from './rounds.js';
import { exponents, median } from './statistics.js';

// How time and memory grow: teachers with the number of triplets, losses with the rows of a batch, neighbours with the items;
// in turns with PyTorch (and faiss) where its memory holds. Options: series=teachers,losses,neighbors losses=rkd,stmr
// rounds=2 seconds=60 (for each row).

const defaults = { rounds: 2, seconds: 60, milliseconds: 300 };
const quick = { rounds: 1, seconds: 5, milliseconds: 1 };
/** Of all series; a quick run takes the first two. */
const sizes = {
  teachers: [10_000, 30_000, 100_000, 300_000, 1_000_000, 1_400_000],
  losses: [44, 86, 172, 344, 688],
  neighbors: [5000, 10_000, 20_000, 40_000, 60_000],
};
type Series = keyof typeof sizes;

/** Rows up to which PyTorch's n x n x n numbers, and rkd's angles, fit into memory and patience. */
const MOST_CUBES = 344;
const MOST_ANGLES = 172;

const ITEMS = 1854; // as THINGS has
const EPOCHS = { ours: 5, theirs: 1 };
const CONFIGURATION = 'configurations/things/things_p_ste.yaml';

interface Measured {
  /** What `grows as` is of. */
  readonly time: number;
  readonly row: Row;
}

/** Adds the local exponents to rows of growing size. */
async function grow(rows: Rows, all: readonly number[], measure: (size: number) => Promise<Measured>): Promise<void> {
  const times: number[] = [];
  for (const [i, size] of all.entries()) {
    const { time, row } = await measure(size);
    times.push(time);
    const exponent = exponents(all.slice(0, i + 1), times)[i];
    rows.add({ ...row, ...(exponent !== undefined && { 'grows as size^': exponent }) });
  }
}

/** An epoch of a teacher of THINGS' settings on drawn triplets. */
async function teachers(triplets: number, limits: RoundsOptions): Promise<Measured> {
  const [count, test] = [Math.round(0.9 * triplets), triplets - Math.round(0.9 * triplets)];
  const rival = new Rival('teachers.py', ['torch'], limits.notes);
  const lesson = { task: 'load', triplets: { training: count, validation: test }, items: ITEMS, size: 128, tau: 0.5, directed: false, batch: 9999 }; // prettier-ignore
  const overrides = {
    'dataset.name': 'SyntheticTInd',
    'dataset.num_items': ITEMS,
    'dataset.num_triplets': triplets,
    'dataset.raw_data_directory_name': null,
    'optimization.num_training_epochs': EPOCHS.ours,
  };
  try {
    await rival.ask(lesson, 'PyTorch');
    const { ours, theirs } = await inTurns(
      () => training(CONFIGURATION, overrides),
      () => rival.ask<{ seconds: number }>({ task: 'epochs', loader: 'tensors', epochs: EPOCHS.theirs }, 'PyTorch'),
      limits,
    );
    const epochs = ours.map(({ records: [record] }) => Math.min(...record.epochs.map(({ seconds }) => seconds)));
    const { counts } = ours[0].records[0].data;
    const used = counts['training'] + counts['validation'];
    const perTriplet = epochs.map((seconds) => seconds / used);
    return {
      time: median(perTriplet) * triplets,
      row: {
        triplets,
        'ms an epoch': 1000 * median(epochs),
        'ns a triplet': 1e9 * median(perTriplet),
        'whole command s': medianOf(ours, 'seconds'),
        'peak MiB': Math.max(...ours.map(({ peakMiB }) => peakMiB)),
        ...(theirs.length > 0 && { 'PyTorch, ns a triplet': (1e9 * medianOf(theirs, 'seconds')) / triplets }),
        ...compared(perTriplet, theirs.map(({ seconds }) => seconds / triplets)), // prettier-ignore
      },
    };
  } finally {
    await rival.close();
  }
}

async function loss(given: LossCase, limits: RoundsOptions, milliseconds: number): Promise<Measured> {
  const { ours, theirs, theirPeakMiB, bytes } = await lossRounds(given, limits, milliseconds);
  const rival = theirs.length > 0 ? { 'PyTorch ms': median(theirs), 'its peak MiB': theirPeakMiB } : {};
  return {
    time: median(ours),
    row: {
      loss: given.name,
      n: given.n,
      ms: median(ours),
      'peak MiB': bytes && bytes / 2 ** 20,
      ...rival,
      ...compared(ours, theirs),
    },
  };
}

async function neighbors(items: number, limits: RoundsOptions): Promise<Measured> {
  const row = await neighborRow('classes', items, threadCount(), limits);
  return { time: Number(row['seconds']), row: { items, ...row } };
}

/** Times at growing sizes, and the exponents from each to the next. */
export async function benchmarkGrowth(options: Options): Promise<Report> {
  const series = listOf(options, 'series', Object.keys(sizes) as Series[]);
  const usual = ['rkd', 'stmr', 'relaxed_triplet', 'relaxed_contrastive'];
  const names = [...new Set(lossCases.filter(({ kind }) => kind === 'teachers').map(({ name }) => name))];
  const chosen = listOf(options, 'losses', names, usual);
  const notes = new Set<string>();
  const limits = limitsOf(options, notes, defaults, quick);
  const milliseconds = isQuick(options) ? quick.milliseconds : defaults.milliseconds;
  const of = (name: Series): number[] => sizes[name].slice(0, isQuick(options) ? 2 : undefined);
  const rows = new Rows();
  if (series.includes('teachers')) {
    notes.add(`teachers: ${ITEMS} items, answers drawn by code, the fastest of ${EPOCHS.ours} epochs; PyTorch with batches as tensors`); // prettier-ignore
    await grow(rows, of('teachers'), (size) => teachers(size, limits));
  }
  if (series.includes('losses')) {
    notes.add('losses: rows of 128, one teacher, processor time of one thread, memory without the program');
    notes.add(`PyTorch up to n = ${MOST_ANGLES} (rkd) and ${MOST_CUBES} (others): beyond, tens of GB`);
    for (const name of chosen) {
      const given = lossCases.find((one) => one.name === name)!;
      const most = name === 'rkd' ? MOST_ANGLES : MOST_CUBES;
      await grow(rows, of('losses'), (n) => loss({ ...given, n, alone: n > most }, limits, milliseconds));
    }
  }
  if (series.includes('neighbors')) await grow(rows, of('neighbors'), (size) => neighbors(size, limits));
  return { rows: rows.rows, notes: [...notes] };
}
