import test from 'ava';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/configuration/load.js';
import { makeTripletDataset, subsets } from '../../src/datasets/index.js';
import { UsageError } from '../../src/errors.js';
import { evaluate } from '../../src/evaluation/index.js';
import { encodeNpz } from '../../src/formats/npz.js';
import { temporaryFolder, tripletlab } from '../command-line.js';

const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

const load = (...overrides: string[]) =>
  loadConfiguration('configurations/synthetic/synthetic_e.yaml', [
    'dataset.num_items=20',
    'subset_name=test',
    ...overrides,
  ]);

function save(name: string, shape: number[], valueOf: (i: number) => number): string {
  const file = join(folder, name);
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => valueOf(i));
  writeFileSync(file, encodeNpz({ embeddings: { dtype: 'float32', shape, data } }));
  return file;
}

test('embeddings of a file are asked about all triplets of a subset', async (t) => {
  const { directed, triplets } = makeTripletDataset(load().dataset);
  // on a line, at squares: no two distances are equal
  const file = save('line.npz', [20, 1, 1], (i) => i * i);
  const at = (item: number): number => item * item;
  const { test: asked } = triplets;
  let right = 0;
  for (let i = 0; i < asked.length; i += 3) {
    const [a, b, c] = asked.slice(i, i + 3);
    const near = Math.abs(at(a) - at(b));
    if (near < Math.abs(at(a) - at(c)) && (directed || near < Math.abs(at(b) - at(c)))) right++;
  }
  const found = await evaluate(load(`embeddings=${file}`));
  t.true(asked.length > 30);
  t.deepEqual([found.metric, found.count, found.value], ['FCT', asked.length / 3, right / (asked.length / 3)]);
});

test('a file that does not fit is refused in one line', async (t) => {
  for (const [overrides, message] of [
    [[`embeddings=${join(folder, 'none.npz')}`], /^missing file: /],
    [
      [`embeddings=${save('few.npz', [19, 1, 2], () => 1)}`],
      /^invalid embeddings: .*few\.npz has 19 rows, .* has 20 items/,
    ],
    [
      [`embeddings=${save('two.npz', [20, 2, 2], () => 1)}`],
      /^invalid embeddings: .*two\.npz holds the embeddings of 2 models;/,
    ],
    [[`embeddings=${save('flat.npz', [20, 2], () => 1)}`], /embeddings is \[20, 2\] and not \[items, teachers, size\]/],
    [[`embeddings=${save('nan.npz', [20, 1, 2], () => NaN)}`], /row 0 of embeddings has a NaN/],
  ] as const)
    await t.throwsAsync(async () => evaluate(load(...overrides)), { instanceOf: UsageError, message });
  t.throws(() => load('embeddings=a.npz', 'model_uri=SmallResNet,embedding_size:4/a.pth'), {
    instanceOf: UsageError,
    message: /^invalid embeddings: a\.npz beside model_uri; give only one of the two$/,
  });
});

test('`data items` prints the order of the rows', (t) => {
  const { status, stdout } = tripletlab(['data', 'items', 'configurations/synthetic/synthetic_e.yaml', 'dataset.num_items=20']); // prettier-ignore
  const [header, ...rows] = stdout.trimEnd().split('\n');
  t.deepEqual([status, header, rows.length], [0, 'item,subsets,class,file', 20]);
  const { instances } = makeTripletDataset(load().dataset);
  for (const [i, row] of rows.entries()) {
    const [item, within] = row.split(',');
    t.is(item, String(i));
    t.is(within, subsets.filter((subset) => instances[subset].includes(i)).join(' '));
  }
});
