import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'ava';
import { importArguments, importParts } from '../../src/catalogue/import-parts.js';
import { ownPart } from '../../src/catalogue/own-parts.js';
import type { RunRecord } from '../../src/training/index.js';
import { tripletlab } from '../command-line.js';

// Below the project's folder, whose packages it finds.
mkdirSync('build', { recursive: true });
const folder = mkdtempSync(resolve('build', 'parts-'));
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

const module = `
import { losses, tf } from 'tripletlab';
import { margin } from './margin';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { register } from 'tripletlab/metrics';
register({ name: 'columns', supervision: 'triplets', metric: () => parse('1,2').length });
losses.register({
  name: 'my_triplet',
  supervision: 'triplets',
  loss: (embeddings: tf.Tensor2D) => {
    const [a, p, n] = tf.unstack(tf.reshape(embeddings, [-1, 3, embeddings.shape[1]]), 1);
    const squared = (x: tf.Tensor, y: tf.Tensor) => tf.sum(tf.squaredDifference(x, y), 1);
    return tf.mean(tf.relu(tf.add(margin, tf.sub(squared(a, p), squared(a, n)))));
  },
});
export const place = join('a', 'b');
`;
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test.serial(
  'a module in TypeScript registers its parts, known by its source and that of the files it imports',
  async (t) => {
    const file = write('mine.ts', module);
    write('margin.ts', 'export const margin: number = 0.2;');
    t.deepEqual({ ...((await importParts(file)) as object) }, { place: join('a', 'b') });
    const first = ownPart('loss', 'my_triplet')!;
    t.is(first.module, file);
    t.deepEqual(importArguments(), [`--import=${file}`]);
    t.is(process.env['TRIPLETLAB_IMPORT'], file);
    await importParts(file);
    t.is(ownPart('loss', 'my_triplet'), first);
    write('margin.ts', 'export const margin: number = 0.3;');
    await importParts(file);
    t.not(ownPart('loss', 'my_triplet')!.digest, first.digest);
  },
);

const broken: [string, string, RegExp][] = [
  ['bad.ts', 'export const = 1;', /^cannot compile bad\.ts:1: .*; correct the module$/],
  [
    'lost.ts',
    "import './nowhere';",
    /^cannot compile lost\.ts:1: Could not resolve "\.\/nowhere"; correct the module$/,
  ],
  [
    'absent.ts',
    "import 'no-such-package';",
    /^cannot compile absent\.ts:1: Could not resolve "no-such-package"; correct the module$/,
  ],
  ['thrown.ts', 'throw new Error("no luck");', /^cannot run .*thrown\.ts: no luck; correct the module$/],
  [
    'taken.ts',
    "import { losses } from 'tripletlab'; losses.register({ name: 'ste' } as never)",
    /member loss must be a function/,
  ],
];
for (const [name, text, line] of broken)
  test.serial(`${name} is refused in one line`, async (t) => {
    const error = await t.throwsAsync(importParts(write(name, text)));
    t.regex(error.message, line);
  });

test.serial('a missing module is refused', async (t) => {
  await t.throwsAsync(importParts(join(folder, 'gone.ts')), {
    message: /^missing module: .*gone\.ts; correct the path/,
  });
});

test('the command line trains with the parts of a module, and names them in the record', (t) => {
  const cwd = mkdtempSync(join(folder, 'run-'));
  write('cli.ts', module);
  write('margin.ts', 'export const margin = 0.2;');
  const args = ['train', 'configurations/synthetic/synthetic_p_ste.yaml', 'dataset.num_triplets=1500', 'dataset.batch_size=300', 'dataset.directed=true', 'model.loss_type=my_triplet', 'optimization.num_training_epochs=2', 'use_gpu=false']; // prettier-ignore
  const without = tripletlab(args, { cwd, env: { TRIPLETLAB_IMPORT: '' } });
  t.is(without.status, 1);
  t.regex(without.stderr, /unknown loss_type: my_triplet/);
  const { status, stderr } = tripletlab([...args, '--import', '../cli.ts'], { cwd, env: { TRIPLETLAB_IMPORT: '' } });
  t.is(status, 0, stderr);
  const record = JSON.parse(readFileSync(join(cwd, 'modeling/runs/run-1001/run.json'), 'utf8')) as RunRecord;
  t.like(record.parts?.[0], { kind: 'loss', name: 'my_triplet', module: join(folder, 'cli.ts') });
  t.regex(tripletlab(['runs', 'show', '1001'], { cwd }).stdout, /^part +loss my_triplet of .*cli\.ts, source \w{16}$/m);
  t.is(
    tripletlab(['train', '--import'], { cwd }).stderr,
    'tripletlab: missing file after --import; name a module with your parts\n',
  );
});
