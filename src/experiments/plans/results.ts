import { join } from 'node:path';
import { writeFileAtomic } from '../../files.js';
import { alignColumns } from '../status/align-columns.js';

/** One model, and what it came to; `features`: a pretrained network as it is, before any new layer. */
export interface ResultRow {
  readonly route: 'teacher' | 'features' | 'student' | 'direct';
  /** The configuration's name. */
  readonly name: string;
  readonly run: string;
  readonly model: string;
  readonly loss: string;
  readonly seed: number;
  readonly epochs: number;
  /** The best value of the metric that selects checkpoints. */
  readonly validation: { readonly metric: string; readonly value: number; readonly epoch: number } | null;
  /** Of the subset that is evaluated on: of the network as it starts, and of its best checkpoint. */
  readonly start: number | null;
  readonly value: number | null;
  readonly seconds: number;
  /** What was asked for beside the configuration. */
  readonly overrides: readonly string[];
}

/** The content of `results.json`. */
export interface Results {
  readonly format: 1;
  readonly plan: string;
  readonly metric: string | null;
  readonly subset: string | null;
  /** What the metric is taken over: `62406 triplets`. */
  readonly count: string | null;
  readonly notes: readonly string[];
  readonly rows: readonly ResultRow[];
}

export const RESULTS_FILE = 'results.json';

export function writeResults(folder: string, results: Results): string {
  const file = join(folder, RESULTS_FILE);
  writeFileAtomic(file, `${JSON.stringify(results, null, 1)}\n`);
  return file;
}

/** Results of one plan on several draws of its data as one. */
export function joinResults(parts: readonly Results[]): Results {
  const counts = parts.map(({ count }) => count?.split(' ')[0]);
  return {
    ...parts[0],
    count: parts[0].count?.replace(/^\d+/, counts.join(', ')) ?? null,
    rows: parts.flatMap(({ rows }) => rows),
  };
}

const shown = (value: number | null): string => (value === null ? '-' : value.toFixed(4));

/** The results as lines of aligned columns. */
export function formatResults({ metric, subset, rows }: Results): string {
  const of = metric === null ? '-' : `${metric} ${subset ?? ''}`;
  const table = [
    ['route', 'configuration', 'run', 'seed', 'epochs', 'validation', 'at epoch', 'start', of, 'seconds'],
    ...rows.map((row) => [
      row.route,
      row.name,
      row.run,
      String(row.seed),
      String(row.epochs),
      shown(row.validation?.value ?? null),
      String(row.validation?.epoch ?? '-'),
      shown(row.start),
      shown(row.value),
      row.seconds.toFixed(0),
    ]),
  ];
  return alignColumns(table);
}
