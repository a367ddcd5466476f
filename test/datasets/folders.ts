import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Subset } from '../../src/datasets/dataset.js';
import { UsageError } from '../../src/errors.js';

/** Contents by relative path. */
export type Tree = Record<string, string | Uint8Array>;

/** The tree without these files. */
export function without(tree: Tree, ...names: string[]): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([name]) => !names.includes(name)));
}

/** A new folder with these files, gone after the test. */
export function folderOf(t: ExecutionContext, tree: Tree = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'tripletlab-data-'));
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  writeTree(root, tree);
  return root;
}

export function writeTree(root: string, tree: Tree): void {
  for (const [name, contents] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), contents);
  }
}

/** The message of the UsageError that is thrown, which must be one line. */
export function refusal(t: ExecutionContext, act: () => unknown): string {
  const error = t.throws(act, { instanceOf: UsageError });
  t.notRegex(error.message, /\n/);
  return error.message;
}

/** The same for what is awaited. */
export async function refusalOf(t: ExecutionContext, act: Promise<unknown>): Promise<string> {
  const error = await t.throwsAsync(act, { instanceOf: UsageError });
  t.notRegex(error.message, /\n/);
  return error.message;
}

/** What the reference made of a data set: flat triplets, instances, and the next 32 bits of its generator. */
export interface GoldenSplit {
  triplets: Record<Subset, number[]>;
  instances: Record<Subset, number[]>;
  next: number[];
  prototypes: number[];
}

/** A small THINGS tree and what the reference made of it. */
export interface ThingsGolden {
  concepts: string[];
  tsv: string;
  pictures: string[];
  sortind: number[];
  words48_mat: string;
  rdm_mat: string;
  lines: { train90: number[][]; test10: number[][] };
  files: string[];
  classes: number[];
  test_classes: number[];
  similarity: number[][];
  versions: Record<'direct' | 'psycho' | 'source_embedding' | 'quasi_original', GoldenSplit>;
}

export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(`test/golden/${name}`, 'utf8')) as T;
}

export const thingsPaths = {
  concepts: 'Main/things_concepts.tsv',
  remap: 'Revealing/variables/sortind.json',
  words: 'Revealing/variables/words48.mat',
  dissimilarity: 'Revealing/data/RDM48_triplet.mat',
  train: 'Revealing/triplets/data1854_baseline_train90.txt',
  test: 'Revealing/triplets/data1854_baseline_test10.txt',
} as const;

type ThingsContents = Pick<ThingsGolden, 'tsv' | 'pictures' | 'sortind' | 'words48_mat' | 'rdm_mat' | 'lines'>;

/** The files of a THINGS tree, with pictures (empty files) or without. */
export function thingsTree(golden: ThingsContents, pictures: boolean): Tree {
  const text = (triplets: number[][]) => triplets.map((triplet) => `${triplet.join(' ')}\n`).join('');
  return {
    [thingsPaths.concepts]: golden.tsv,
    [thingsPaths.remap]: JSON.stringify(golden.sortind),
    [thingsPaths.words]: Buffer.from(golden.words48_mat, 'base64'),
    [thingsPaths.dissimilarity]: Buffer.from(golden.rdm_mat, 'base64'),
    [thingsPaths.train]: text(golden.lines.train90),
    [thingsPaths.test]: text(golden.lines.test10),
    ...(pictures ? Object.fromEntries(golden.pictures.map((picture) => [`Main/${picture}`, ''])) : {}),
  };
}
