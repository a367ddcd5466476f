import { existsSync, readFileSync } from 'node:fs';
import { UsageError } from '../../src/errors.js';
import { threadCount } from '../../src/engine/machine.js';
import { training } from './command.js';
import { csvLines, pictures } from './growth/own-data.js';
import type { Curve, Measured } from './growth/curve.js';
import { lossCases, type LossCase } from './loss-cases.js';
import { lossRounds } from './loss-rounds.js';
import { machine } from './machine.js';
import { neighborRow } from './neighbors-rounds.js';
import { compared, isQuick, listOf, medianOf, Rows, type Options, type Report, type Row } from './report.js';
import { Rival } from './rival.js';
import { inTurns, limitsOf, type RoundsOptions } from './rounds.js';
import { exponents, median } from './statistics.js';

// How time and memory grow: teachers with the number of triplets, losses with the rows of a batch, neighbours with the
// items, data of one's own with lines and pictures; in turns with PyTorch (and faiss) where its memory holds. Options:
// series=teachers,losses,neighbors,csv,pictures sizes=10000,30000 losses=rkd,stmr alone=yes (no other program beside)
// merge=yes (keep the other rows of build/benchmarks/growth.json: so one can measure part by part) rounds=2 seconds=60
// (for each row). `npm run benchmark -- growth-page` then writes growth/README.md and its figures.

const defaults = { rounds: 2, seconds: 60, milliseconds: 300 };
const quick = { rounds: 1, seconds: 5, milliseconds: 1 };
/** Of all series; a quick run takes the first two. */
const sizes = {
  teachers: [10_000, 30_000, 100_000, 300_000, 1_000_000, 1_400_000],
  losses: [50, 100, 200, 400, 800],
  neighbors: [5000, 15_000, 30_000, 60_502, 120_000, 250_000],
  csv: [10_000, 30_000, 100_000, 300_000, 1_000_000],
  pictures: [300, 1000, 3000, 10_000, 26_000],
};
type Series = keyof typeof sizes;

/** Rows up to which PyTorch's n x n x n numbers, and rkd's angles, fit into memory and patience. */
const MOST_CUBES = 400;
const MOST_ANGLES = 100;

/** Rows up to which all are compared with all; beyond it takes minutes, and QUERIES rows are. */
const MOST_PAIRS = 120_000;
const QUERIES = 4096;

const ITEMS = 1854; // as THINGS has
const EPOCHS = { ours: 5, theirs: 1 };
const CONFIGURATION = 'configurations/things/things_p_ste.yaml';

interface Limits extends RoundsOptions {
  readonly alone: boolean;
  readonly milliseconds: number;
}

/** An epoch of a teacher of THINGS' settings on drawn triplets. */
async function teachers(triplets: number, limits: Limits): Promise<Measured> {
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
  const epochs = { task: 'epochs', loader: 'tensors', epochs: EPOCHS.theirs };
  try {
    if (!limits.alone) await rival.ask(lesson, 'PyTorch');
    const { ours, theirs } = await inTurns(
      () => training(CONFIGURATION, overrides),
      () => (limits.alone ? undefined : rival.ask<{ seconds: number }>(epochs, 'PyTorch')),
      limits,
    );
    const seconds = ours.map(({ records: [record] }) => Math.min(...record.epochs.map((epoch) => epoch.seconds)));
    const { counts } = ours[0].records[0].data;
    const used = counts['training'] + counts['validation'];
    const perTriplet = seconds.map((one) => one / used);
    return {
      seconds: median(perTriplet) * triplets,
      'peak MiB': Math.max(...ours.map(({ peakMiB }) => peakMiB)),
      'ns a triplet': 1e9 * median(perTriplet),
      'whole command s': medianOf(ours, 'seconds'),
      ...(theirs.length > 0 && { 'PyTorch, ns a triplet': (1e9 * medianOf(theirs, 'seconds')) / triplets }),
      ...compared(perTriplet, theirs.map((one) => one.seconds / triplets)), // prettier-ignore
    };
  } finally {
    await rival.close();
  }
}

async function loss(given: LossCase, limits: Limits): Promise<Measured> {
  const { ours, theirs, theirPeakMiB, bytes } = await lossRounds(given, limits, limits.milliseconds);
  const rival = theirs.length > 0 ? { 'PyTorch s': median(theirs) / 1000, 'its peak MiB': theirPeakMiB } : {};
  return { seconds: median(ours) / 1000, 'peak MiB': bytes! / 2 ** 20, ...rival, ...compared(ours, theirs) };
}

async function neighbors(items: number, queries: number | undefined, limits: Limits): Promise<Measured> {
  const { alone } = limits;
  const row = await neighborRow('classes of five', items, threadCount(), limits, queries ? { queries } : { alone });
  const { seconds: wall, 'processor s': seconds, 'peak MiB': peak } = row;
  const own = { seconds: Number(seconds), 'peak MiB': Number(peak), 'wall s': wall };
  return { ...row, embeddings: undefined, threads: undefined, 'processor s': undefined, ...own };
}

/** The curves of each series, and the unit of their sizes. */
function curvesOf(series: Series, losses: readonly string[], limits: Limits): readonly Curve[] {
  const curve = (name: string, measure: Curve['measure'], most = Infinity): Curve => ({ name, measure, most });
  switch (series) {
    case 'teachers':
      return [curve('one teacher', (triplets) => teachers(triplets, limits))];
    case 'losses':
      return losses.map((name) => {
        const given = lossCases.find((one) => one.name === name)!;
        const most = name === 'rkd' ? MOST_ANGLES : MOST_CUBES;
        return curve(name, (n) => loss({ ...given, n, alone: limits.alone || n > most }, limits));
      });
    case 'neighbors':
      return [
        curve('all rows', (items) => neighbors(items, undefined, limits), MOST_PAIRS),
        curve(`${QUERIES} rows`, (items) => neighbors(items, QUERIES, limits)),
      ];
    case 'csv':
      return csvLines(limits);
    case 'pictures':
      return pictures(limits);
  }
}

const units: Record<Series, string> = {
  teachers: 'triplets',
  losses: 'n',
  neighbors: 'rows',
  csv: 'lines',
  pictures: 'pictures',
};

const notesOf: Record<Series, string> = {
  teachers: `teachers: ${ITEMS} items, answers drawn by code, the fastest of ${EPOCHS.ours} epochs; PyTorch with batches as tensors`,
  losses: `losses: rows of 128, one teacher, processor time of one thread, memory without the program; PyTorch up to n = ${MOST_ANGLES} (rkd) and ${MOST_CUBES}`, // prettier-ignore
  neighbors: `neighbours: rows of 512, processor time of all threads; all rows up to ${MOST_PAIRS}, beyond in minutes; ${QUERIES} rows, evenly spaced, among all`, // prettier-ignore
  csv: 'csv: triplets.csv of 1,000 pictures, read, checked and split; again: larger files come from the cache',
  pictures: 'pictures: 64 different ones of about 10 KB, JPEG and PNG, each under many names; files in the memory of the system', // prettier-ignore
};

const FILE = 'build/benchmarks/growth.json';

/**
 * The rows of an earlier run.
 *
 * @throws UsageError where another machine measured them
 */
function earlierRows(): Row[] {
  if (!existsSync(FILE)) return [];
  const earlier = JSON.parse(readFileSync(FILE, 'utf8')) as { machine: Record<string, unknown>; rows: Row[] };
  const own = machine();
  for (const key of ['processor', 'instructions', 'cores', 'node'])
    if (earlier.machine[key] !== own[key])
      throw new UsageError(`cannot merge: ${FILE} has ${key} ${String(earlier.machine[key])}, this is ${String(own[key])}; measure without merge`); // prettier-ignore
  return earlier.rows;
}

/** The exponents from each size to the next. */
function withExponents(rows: readonly Row[]): Row[] {
  const curves = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${Object.keys(row)[0]} ${row['curve']}`;
    curves.set(key, [...(curves.get(key) ?? []), row]);
  }
  return [...curves.values()].flatMap((curve) => {
    const unit = Object.keys(curve[0])[0];
    const ordered = curve.toSorted((a, b) => Number(a[unit]) - Number(b[unit]));
    const numbers = (key: string): number[] => ordered.map((row) => Number(row[key]));
    const grows = exponents(numbers(unit), numbers('seconds'));
    return ordered.map((row, i) => ({ ...row, ...(grows[i] !== undefined && { 'grows as size^': grows[i] }) }));
  });
}

/** Times at growing sizes, and the exponents from each to the next. */
export async function benchmarkGrowth(options: Options): Promise<Report> {
  const series = listOf(options, 'series', Object.keys(sizes) as Series[]);
  const names = [...new Set(lossCases.filter(({ kind }) => kind === 'teachers').map(({ name }) => name))];
  const chosen = listOf(options, 'losses', names);
  const notes = new Set<string>();
  const limits = {
    ...limitsOf(options, notes, defaults, quick),
    alone: options['alone'] === 'yes',
    milliseconds: isQuick(options) ? quick.milliseconds : defaults.milliseconds,
  };
  const earlier = options['merge'] === 'yes' ? earlierRows() : [];
  const rows = new Rows();
  for (const one of series) {
    notes.add(notesOf[one]);
    const all = options['sizes']?.split(',').map(Number) ?? sizes[one].slice(0, isQuick(options) ? 2 : undefined);
    for (const { name, measure, most } of curvesOf(one, chosen, limits))
      for (const size of all.filter((size) => size <= most))
        rows.add({ [units[one]]: size, curve: name, ...(await measure(size)) });
  }
  const isSame = (a: Row, b: Row): boolean => {
    const unit = Object.keys(a)[0];
    return Object.keys(b)[0] === unit && a[unit] === b[unit] && a['curve'] === b['curve'];
  };
  const kept = earlier.filter((row) => !rows.rows.some((other) => isSame(row, other)));
  return { rows: withExponents([...kept, ...rows.rows]), notes: [...notes] };
}
