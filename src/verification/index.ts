import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError, unknown } from '../errors.js';
import { builtFile } from '../assets.js';
import { checkFormats } from './formats.js';
import { skipped, type Checker, type Outcome } from './outcome.js';

export type { Outcome } from './outcome.js';

/** The outcomes of one reference file. */
export interface FileReport {
  readonly file: string;
  readonly outcomes: readonly Outcome[];
}

/** The checkers, by the names of their files; each is loaded when it is needed. */
const checkers: Record<string, () => Promise<Checker>> = {
  losses: async () => (await import('./losses.js')).checkLosses,
  metrics: async () => (await import('./metrics.js')).checkMetrics,
  optimizers: async () => (await import('./optimizers.js')).checkOptimizers,
  python_random: async () => (await import('./python-random.js')).checkPythonRandom,
  splits: async () => (await import('./splits.js')).checkSplits,
  backbones: async () => (await import('./backbones.js')).checkBackbones,
  vit_tiny: async () => (await import('./backbones.js')).checkBackbones,
  preprocessing: async () => (await import('./preprocessing.js')).checkPreprocessing,
};

/** Returns the folder of the reference vectors that come with the package. */
export const shippedVectors = (): string => builtFile('verification', 'vectors');

/**
 * Compares the present engine with reference vectors.
 *
 * @param folder `losses.json`, `metrics.json`, ..., `formats/`
 * @param only names of files without their ending; all by default
 * @param leftOut why files that `only` does not name are skipped, by their names
 * @throws UsageError where the folder or a named file does not exist
 */
export async function verify(
  folder: string,
  only: readonly string[] = [],
  leftOut: Readonly<Partial<Record<string, string>>> = {},
): Promise<FileReport[]> {
  if (!existsSync(folder)) throw new UsageError(`missing folder: ${folder}; give one with losses.json and so on`);
  const names = [...Object.keys(checkers), 'formats'];
  for (const name of only) if (!names.includes(name)) throw unknown('reference file', name, names);
  const wanted = only.length > 0 ? only : names;
  const present = new Set(readdirSync(folder));
  const reports: FileReport[] = [];
  for (const name of wanted) {
    const file = name === 'formats' ? 'formats' : `${name}.json`;
    if (!present.has(file)) {
      if (only.length > 0) throw new UsageError(`missing file: ${join(folder, file)}; leave it out of --only`);
      continue;
    }
    const reason = only.length > 0 ? undefined : leftOut[name];
    if (reason !== undefined) reports.push({ file, outcomes: [skipped(name, reason)] });
    else reports.push({ file, outcomes: await outcomesOf(name, join(folder, file)) });
  }
  return reports;
}

async function outcomesOf(name: string, path: string): Promise<readonly Outcome[]> {
  if (name === 'formats') return checkFormats(path);
  const check = await checkers[name]();
  try {
    return await check(JSON.parse(readFileSync(path, 'utf8')), path);
  } catch (error) {
    return [{ name, status: 'failed', detail: `not in the expected form: ${(error as Error).message}` }];
  }
}
