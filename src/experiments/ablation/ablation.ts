import { resolve } from 'node:path';
import { unknown, UsageError } from '../../errors.js';
import { runKey } from '../../training/index.js';
import { EXPERIMENTS_FOLDER, type ResolvedTable, type RowSources } from '../jobs/resolve-table.js';
import { ablationBases, type AblationData } from './base.js';
import { drawMaker, type Replicate } from './replicate.js';
import { parseSetting, type Setting, type SettingValue, type Trained } from './setting.js';

/** One setting and its values, and the data and training that they are tried on. */
export interface WantedAblation {
  /** The data set: `synthetic` or `yummly`. */
  readonly data: string;
  /** What is trained and compared: `teachers` or `student`. */
  readonly train: string;
  /** Any key of a configuration, such as `model.embedding_size`; for students also `teachers.KEY`. */
  readonly setting: string;
  readonly values: readonly SettingValue[];
  /** How many draws each value is tried on: draws of items and answers (synthetic), or of the split (Yummly). */
  readonly draws: number;
  /** `key=value` for all values alike, or `teachers.key=value` for the students' teachers. */
  readonly overrides?: readonly string[];
  /** The folder of all runs, also those of other ablations and tables (default `modeling/experiments`). */
  readonly folder?: string;
}

/** A value of the setting, and its runs. */
export interface Variant {
  /** The value as text. */
  readonly name: string;
  readonly value: SettingValue;
  /** Its runs, in the order of the draws. */
  readonly draws: readonly Replicate[];
}

/** An ablation with all its jobs: a table with a row for each value. */
export interface Ablation extends ResolvedTable {
  readonly wanted: WantedAblation;
  readonly setting: Setting;
  readonly variants: readonly Variant[];
  /** The value that the others are compared with: the configured one if it is among them, else the first. */
  readonly reference: Variant;
}

const MOST_DRAWS = 20; // the permutation test goes through all choices of this many signs

/**
 * Resolves all jobs of an ablation: every value on the same draws, with the same seeds. Writes nothing.
 *
 * The result is what `runTable`, `tableStatus` and `compareAblation` take. Jobs are identified by their content, so
 * that a run of another ablation, or of an earlier attempt, is not repeated.
 *
 * @throws UsageError of one line for a key or value that is wrong, before any work
 */
export function loadAblation(wanted: WantedAblation): Ablation {
  const { data, train, values, draws, overrides = [], folder = EXPERIMENTS_FOLDER } = wanted;
  if (!isData(data)) throw unknown('data', data, Object.keys(ablationBases));
  if (!isTrained(train)) throw unknown('train', train, ['teachers', 'student']);
  if (!Number.isInteger(draws) || draws < 1 || draws > MOST_DRAWS)
    throw new UsageError(`invalid draws: ${draws}; give an integer from 1 to ${MOST_DRAWS}`);
  if (values.length < 2)
    throw new UsageError(`invalid values: ${values.join(', ') || 'none'}; give at least two to compare`);
  const base = ablationBases[data];
  const setting = parseSetting(wanted.setting, train);
  const make = drawMaker({ name: data, base, train, setting, overrides, values });
  const variants = values.map((value): Variant => ({
    name: String(value),
    value,
    draws: numbers(draws).map((k) => make(k, value)),
  }));
  refuseEqualRuns(variants, setting);
  const configured = make(0, undefined);
  const reference = variants.find((variant) => keyOf(variant.draws[0]) === keyOf(configured)) ?? variants[0];
  const rows = variants.map(rowOf);
  const name = `ablation-${data}-${train}-${setting.name}`;
  const notes = base.notes[train];
  return {
    wanted,
    setting,
    variants,
    reference,
    table: {
      name,
      title: `${setting.name}: ${train === 'teachers' ? 'teachers' : 'students'} on ${data}`,
      varied: setting.name,
      reference: reference.name,
      rows: rows.map(({ row }) => row),
      corrections: [],
    },
    profile: { name: 'playground', description: 'one setting', notes: () => [...notes], row: (row) => row },
    folder: resolve(folder),
    kept: undefined,
    jobs: jobsInOrder(variants, draws),
    rows,
    notes,
  };
}

const isData = (name: string): name is AblationData => Object.hasOwn(ablationBases, name);
const isTrained = (name: string): name is Trained => name === 'teachers' || name === 'student';
const numbers = (n: number): number[] => Array.from({ length: n }, (_, k) => k);
const keyOf = ({ compared }: Replicate): string => runKey(compared);

function refuseEqualRuns(variants: readonly Variant[], { name }: Setting): void {
  variants.forEach((variant, i) => {
    const same = variants.slice(0, i).find((other) => keyOf(other.draws[0]) === keyOf(variant.draws[0]));
    if (same !== undefined)
      throw new UsageError(
        `invalid values: ${same.name} and ${variant.name} of ${name} give the same runs; give only one of them`,
      );
  });
}

function rowOf({ name, draws }: Variant): RowSources {
  return {
    row: { ...draws[0].row, name },
    teachers: draws.flatMap(({ teachers }) => teachers ?? []),
    networks: draws.flatMap(({ network }) => network ?? []),
    ceilings: [],
  };
}

/** Orders jobs by draw: all values on the first draw, then all on the second, so that comparisons grow evenly. */
function jobsInOrder(variants: readonly Variant[], draws: number): ResolvedTable['jobs'] {
  const all = numbers(draws).flatMap((k) => variants.flatMap((variant) => variant.draws[k].jobs));
  return [...new Map(all.map((job) => [job.key, job])).values()];
}
