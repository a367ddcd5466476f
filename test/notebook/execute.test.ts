import test from 'ava';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../../src/errors.js';
import { executeNotebook } from '../../src/notebook/execution/execute.js';
import { findJupyter, jupyterEnvironment } from '../../src/notebook/kernel/jupyter.js';
import { joined, type Output, readNotebook } from '../../src/notebook/notebook-file.js';
import { packageRoot } from '../../src/assets.js';
import { makeFolder, makeNotebook, noJupyter, testUnless } from './helpers.js';

const { folder, remove } = makeFolder();
test.after.always(remove);

const execute = (cells: readonly string[], options = {}): Promise<string> =>
  executeNotebook(makeNotebook(join(folder, 'a.ipynb'), cells), { outputDirectory: join(folder, 'out'), ...options });

const outputs = (file: string): Output[][] =>
  readNotebook(file)
    .cells.filter((cell) => cell.cell_type === 'code')
    .map((cell) => cell.outputs ?? []);
const text = (list: readonly Output[]): string => list.map((output) => joined(output['text'])).join('');

testUnless(noJupyter, 'cells import modules, share values, await, and keep their numbers and outputs', async (t) => {
  writeFileSync(
    join(folder, 'even.ts'),
    `import { odd } from './odd.js';\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);\n`,
  );
  writeFileSync(
    join(folder, 'odd.ts'),
    `import { even } from './even.js';\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);\n`,
  );
  const seen: string[] = [];
  const executed = await execute(
    [
      `import { unknown } from '../../dist/errors.js';\nimport { packageRoot } from '../../dist/assets.js';\n` +
        `unknown('loss_type', 'rdk', ['rkd']).message + ' ' + packageRoot()`,
      'md # Markdown is left alone',
      `const later = async (x: number) => { await new Promise((done) => setTimeout(done, 50)); return x; };\nconst seven = await later(7);`,
      'seven * 6',
      'for (let i = 0; i < 20000; i++) console.log(`line ${i}`);',
      `import { even } from './even.js';\n[even(10), even(7)]`,
      `[process.stdout.isTTY, process.env['GREETING']]`,
      `import { cellOutput } from '../../dist/figures/live/cell-output.js';\n` +
        `cellOutput()!.display({ 'text/plain': 'words', 'text/html': '<b>words</b>', 'application/json': { a: 1 } })`,
    ],
    { environment: { GREETING: 'hello' }, onCell: (cell: number, cells: number) => seen.push(`${cell}/${cells}`) },
  );
  const cells = outputs(executed);
  t.is(text(cells[0]), `unknown loss_type: rdk; did you mean rkd? ${packageRoot()}\n`);
  t.is(text(cells[2]), '42\n');
  const lines = text(cells[3]).trimEnd().split('\n');
  t.deepEqual([lines.length, lines[19999]], [20000, 'line 19999']);
  t.is(text(cells[4]), '[ true, false ]\n');
  t.is(text(cells[5]), `[ false, 'hello' ]\n`);
  t.is(cells[6].length, 1);
  t.deepEqual(cells[6][0].data, {
    'text/plain': ['words'],
    'text/html': ['<b>words</b>'],
    'application/json': { a: 1 },
  });
  const counts = readNotebook(executed).cells.map((cell) => cell['execution_count']);
  t.deepEqual(counts, [1, undefined, 2, 3, 4, 5, 6, 7]);
  t.deepEqual(seen, ['1/7', '2/7', '3/7', '4/7', '5/7', '6/7', '7/7']);
});

testUnless(noJupyter, 'a live figure leaves its last state only', async (t) => {
  const executed = await execute([
    `import { liveFigure, show } from '../../dist/figures/index.js';\n` +
      `const figure = (n: number) => ({ data: [{ type: 'scatter' as const, y: [n] }], layout: {}, alt: 'state ' + n });\n` +
      `const live = liveFigure(figure(0));\nfor (let n = 1; n <= 25; n++) live.update(figure(n));`,
    'live.update(figure(26)); show(figure(99))',
  ]);
  const [first, second] = outputs(executed);
  t.is(first.length, 1);
  t.is(joined(first[0].data!['text/plain']), '[figure: state 26]');
  t.deepEqual((first[0].data!['application/vnd.plotly.v1+json'] as { data: unknown }).data, [
    { type: 'scatter', y: [26] },
  ]);
  t.deepEqual(
    second.map((output) => joined(output.data!['text/plain'])),
    ['[figure: state 99]'],
  );
});

/** The one-line message with which a notebook fails. */
async function failure(cells: readonly string[], options = {}): Promise<string> {
  const error: unknown = await execute(cells, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UsageError)) throw new Error(`no UsageError: ${String(error)}`);
  return error.message.replace(`${relative(process.cwd(), join(folder, 'a.ipynb'))}, `, '');
}

testUnless(noJupyter, 'a type error names the line and the column, in the cell and in imported files', async (t) => {
  t.is(
    await failure(['const n = 1;', `const fine = n;\n\n  const s: string = n;`]),
    `cell 2: TypeScript: line 3, column 9: Type 'number' is not assignable to type 'string'.`,
  );
  t.is(
    await failure(['const f: (n: number) => { a: string } = (n: number) => ({ a: n });\nconst b: boolean = 1;']),
    `cell 1: TypeScript: line 1, column 7: Type '(n: number) => { a: number; }' is not assignable to type '(n: number) => { a: string; }'. (and 1 more)`,
  );
  writeFileSync(
    join(folder, 'bad.ts'),
    `export const ok = 1;\n\nexport const wrong: { a: { b: string } } = { a: { b: 3 } };\n`,
  );
  t.is(
    await failure([`import { ok } from './bad.js';\nok`]),
    `cell 1: TypeScript: bad.ts, line 3, column 51: Type 'number' is not assignable to type 'string'.`,
  );
});

testUnless(noJupyter, 'a thrown error fails the run with its message, and nothing is written', async (t) => {
  const file = join(folder, 'a.ipynb');
  const message = await failure(
    [
      `import { UsageError } from '../../dist/errors.js';`,
      `throw new UsageError('invalid batch_size: 250; no\\nsecond line')`,
      '1',
    ],
    { inPlace: true },
  );
  t.is(message, 'cell 2: UsageError: invalid batch_size: 250; no');
  t.deepEqual(readNotebook(file).cells[0].outputs, []);
});

testUnless(
  noJupyter,
  'what a person can mend is shown as its one line, any other error with the calls that led to it',
  async (t) => {
    const file = makeNotebook(join(folder, 'shown.ipynb'), [
      `import { losses, figures, configuration } from 'tripletlab'`,
      `figures.lossPicture({ losses: [{ loss_type: 'rdk' }], angles: [0, 50, 90] })`,
      `figures.confidenceInterval([1, 2], 95)`,
      `figures.embeddingMap([0, 0, 1, 1], { names: ['only one'] })`,
      `const deep = (): never => { throw new RangeError('a defect') }`,
      `deep()`,
    ]);
    await promisify(execFile)(
      findJupyter(),
      [
        'nbconvert',
        '--to',
        'notebook',
        '--execute',
        '--allow-errors',
        file,
        '--output-dir',
        folder,
        '--output',
        'shown-out.ipynb',
      ],
      { env: jupyterEnvironment() },
    );
    const tracebacks = outputs(join(folder, 'shown-out.ipynb')).map((list) =>
      list.filter(({ output_type }) => output_type === 'error').flatMap((output) => output['traceback'] as string[]),
    );
    t.deepEqual(tracebacks.slice(0, 4), [
      [],
      ['unknown loss_type: rdk; did you mean rkd?'],
      ['invalid level: 95; give a number between 0 and 1'],
      ['invalid names: 1; give one for each of the 2 points'],
    ]);
    t.is(tracebacks[5][0], 'RangeError: a defect');
    t.regex(tracebacks[5][1], /^ +at .*deep \(cell\)/);
  },
);

testUnless(noJupyter, 'promises that nobody awaited and late callbacks fail the run', async (t) => {
  t.is(
    await failure([`const fails = async () => { throw new TypeError('lost'); };\nvoid fails();`, '1']),
    'cell 1: TypeError: lost (in a promise nobody awaited, or a callback)',
  );
  t.is(
    await failure([
      'setTimeout(() => { throw new RangeError("late"); }, 100);',
      'await new Promise((done) => setTimeout(done, 5000))',
    ]),
    'cell 2: RangeError: late (in a promise nobody awaited, or a callback)',
  );
});

testUnless(noJupyter, 'a cell that takes too long and a kernel that dies are told apart', async (t) => {
  t.is(
    await failure(['1', 'await new Promise(() => setTimeout(() => 0, 60000))'], { timeout: 2 }),
    'cell 2: timed out after 2 s; give more with --timeout',
  );
  t.regex(await failure([`process.kill(process.pid, 'SIGKILL')`]), /^cell 1: the kernel died/);
  t.regex(await failure(['process.exit(0)']), /^cell 1: Error: process.exit\(0\) would end the kernel/);
});

testUnless(noJupyter, 'plain nbconvert fails with the message too, and goes on where it is told to', async (t) => {
  const file = makeNotebook(join(folder, 'plain.ipynb'), [`throw new Error('the reason')`, `'after'`]);
  const convert = (...more: string[]) =>
    promisify(execFile)(
      findJupyter(),
      [
        'nbconvert',
        '--to',
        'notebook',
        '--execute',
        ...more,
        file,
        '--output-dir',
        folder,
        '--output',
        'plain-out.ipynb',
      ],
      { env: jupyterEnvironment() },
    );
  const error = await t.throwsAsync<Error & { stderr: string; code: number }>(convert());
  t.is(error?.code, 1);
  t.regex(error!.stderr, /^Error: the reason$/m);
  await convert('--allow-errors');
  const [first, second] = outputs(join(folder, 'plain-out.ipynb'));
  t.like(first[0], { output_type: 'error', ename: 'Error', evalue: 'the reason' });
  t.is(text(second), 'after\n');
});

test('broken notebooks are refused in one line, before Jupyter is asked', async (t) => {
  const file = join(folder, 'broken.ipynb');
  for (const [content, message] of [
    ['{"nbformat": 4,', /^invalid notebook: .*broken\.ipynb; /],
    ['{"nbformat": 3, "cells": []}', /not a Jupyter notebook of format 4, save it as one$/],
    ['null', /not a Jupyter notebook of format 4, save it as one$/],
  ] as const) {
    writeFileSync(file, content);
    const error = await t.throwsAsync(executeNotebook(file), { instanceOf: UsageError, message });
    t.notRegex(error!.message, /\n/);
  }
  await t.throwsAsync(executeNotebook(join(folder, 'none.ipynb')), { message: /^missing notebook: / });
  t.is(readFileSync(file, 'utf8'), 'null');
});
