import { join } from 'node:path';
import { packageRoot } from '../../src/assets.js';
import { load } from '../setup/load.js';
import { program, reasonOf, type Context, type Found, type Part } from './part.js';

// The tests that run on every engine, here on the engine alone: kernels, layers, losses, optimizers and networks against
// plain JavaScript and the original's vectors; memory; processes that share a batch; a plan killed and resumed.

export const suites = [
  'engine/kernels/convolution.test.js',
  'engine/kernels/mat-mul.test.js',
  'engine/kernels/operations.test.js',
  'engine/kernels/pooling.test.js',
  'engine/kernels/segments-and-einsum.test.js',
  'engine/kernels/slice.test.js',
  'backbones/attention.test.js',
  'backbones/layers.test.js',
  'backbones/golden.full.test.js',
  'losses/golden.test.js',
  'optimizers/adam.test.js',
  'training/engines.test.js',
  'training/data-parallel.test.js',
  'training/own-parts.full.test.js',
] as const;

/** Those of a dry run: the others run in the tests anyway. */
const few = ['engine/kernels/mat-mul.test.js', 'losses/golden.test.js'];

interface Reader {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly finished: boolean;
  line(line: string): void;
}

async function run({ engine, dry, seconds }: Context): Promise<Found> {
  const { TapReader } = await load<{ TapReader: new (print: (line: string) => void) => Reader }>('tap.mjs');
  const said: string[] = [];
  const reader = new TapReader((line) => said.push(line));
  const ava = join(packageRoot(), 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
  const files = (dry ? few : suites).map((file) => `build/test/${file}`);
  const ended = await program(
    [ava, '--tap', '--timeout=5m', ...files],
    seconds,
    { TRIPLETLAB_TEST_ENGINES: engine },
    (line) => {
      reader.line(line);
    },
  );
  const { passed, failed, skipped } = reader;
  const failures = said.filter((line) => line.startsWith('failed: '));
  if (!reader.finished) failures.push(`the tests did not end: ${reasonOf(ended, seconds)}`);
  return {
    rows: [{ suites: `${files.length} files`, passed, failed, skipped }],
    notes: said.filter((line) => line.startsWith('skipped: ')),
    failures,
    log: ended.output,
  };
}

export const suitesPart: Part = { name: 'suites', title: 'Tests that run on every engine', seconds: 120, run };
