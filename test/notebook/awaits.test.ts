import test from 'ava';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { executeNotebook } from '../../src/notebook/execution/execute.js';
import { joined, type Notebook, readNotebook } from '../../src/notebook/notebook-file.js';
import { packageRoot } from '../../src/assets.js';
import { makeFolder, makeNotebook, noJupyter, testUnless } from './helpers.js';

const { folder, remove } = makeFolder();
test.after.always(remove);

/** A cell, and what it prints; of one that fails, the name and the message of its error. */
type Cell = readonly [source: string, printed: string];

const failing = /^(TypeScript|TypeError): /;

/** Runs all cells in one kernel, which goes on after those that are to fail. */
async function run(cells: readonly Cell[]): Promise<Cell[]> {
  const file = makeNotebook(
    join(folder, 'a.ipynb'),
    cells.map(([source]) => source),
  );
  const notebook = JSON.parse(readFileSync(file, 'utf8')) as Notebook;
  cells.forEach(([, printed], i) => {
    if (failing.test(printed)) notebook.cells[i]['metadata'] = { tags: ['raises-exception'] };
  });
  writeFileSync(file, JSON.stringify(notebook));
  const executed = await executeNotebook(file, { outputDirectory: join(folder, 'out') });
  return readNotebook(executed).cells.map(({ outputs = [] }, i) => {
    const printed = outputs.map((output) =>
      output.output_type === 'error'
        ? `${joined(output['ename'])}: ${joined(output['evalue'])}`
        : joined(output['text']),
    );
    return [cells[i][0], printed.join('').trimEnd()];
  });
}

const beginning: Cell[] = [
  [
    `const later = async <T,>(x: T): Promise<T> => { await new Promise((done) => setTimeout(done, 1)); return x; };
async function* count(n: number) { for (let i = 0; i < n; i++) yield i; }
const o = { p: 1, f: () => later([5]) };
let base = 'x', n = 1;`,
    '',
  ],
];

/** Operands of every kind, also those that read as a call, an index or a division of something named await. */
const operands: Cell[] = [
  ['await (later(3))', '3'],
  ['await (async () => 1)()', '1'],
  ['await [later(1)].length', '1'],
  ['await /[/]re/.source', '[/]re'],
  ['await -3', '-3'],
  ['await `t${base}`', 'tx'],
  ['await\n(later(5))', '5'],
  ['[await !n, await ++n, await <number>n, await await (later(1)), await later(1)!]', '[ false, 2, 2, 1, 1 ]'],
  ['[await { a: 1 }, await (later(n)) as number, (await (later(n))) satisfies number]', '[ { a: 1 }, 2, 2 ]'],
  ['await function named() {}', '[Function: named]'],
  ['await class Named {}', '[class Named]'],
  [`(await import('node:path')).join('a', await (later('b')))`, 'a/b'],
  ['const soon = async () => await (1)\nawait (soon())', '1'],
  ['void await (later(1)); typeof await (later(1))', 'number'],
  ['await (later(undefined))', ''],
  ['console.log(await (later(1)));\n// a comment at the end', '1'],
];

const expressions: Cell[] = [
  ['const [r] = await (o as any).f(); r', '5'],
  ['(await (later(o)))?.p.toFixed(1)', '1.0'],
  [
    `({ await: 1, ['a' + await (later('b'))]: 2, ...(await (later({ c: 3 }))), base })`,
    `{ await: 1, ab: 2, c: 3, base: 'x' }`,
  ],
  [
    '[Math.max(...await (later([1, 2]))), ...await [3, 4], await (later(true)) ? await (later(5)) : 0]',
    '[ 2, 3, 4, 5 ]',
  ],
  ['`a ${`b ${await (later(1))}`}`', 'a b 1'],
  [
    'const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.raw.join() + v.join(); tag`a${await (later(1))}b${await [2]}`',
    'a,b,1,2',
  ],
  [
    `['p' in await (o), await (later([])) instanceof Array, new (await (later(Date)))(0).getTime()]`,
    '[ true, true, 0 ]',
  ],
  ['const list: number[] = []; list[await (0)] = await (later(1)); list', '[ 1 ]'],
  ['const { m: { k: [deep = await (later(7))] } } = { m: { k: [] as number[] } }; deep', '7'],
  [
    `const { base: own = await (later('d')), [await (later('p'))]: byKey } = { p: 2 } as any; [own, byKey]`,
    `[ 'd', 2 ]`,
  ],
  [`const text = 'await (x)'; const named = { await: () => text.length }; named.await() // await (x)`, '9'],
  ['interface Q { a: number } await (later<Q>({ a: await (later(1)) }))', '{ a: 1 }'],
];

const statements: Cell[] = [
  ['let sum = 0; for await (const x of count(4)) { sum += x; }\nsum', '6'],
  ['for await (const [k, { z = await (later(6)) }] of [[1, {} as { z?: number }] as const]) console.log(k, z);', '1 6'],
  ['for await (var last of [later(7)]) ;\nlast!', '7'],
  [`if (await (later(true))) { const base = await (later('inner')); console.log(base) } else await [1];`, 'inner'],
  ['let i = 0; do { while (await (later(i < 2))) i++; } while (await (later(false))); i', '2'],
  ['for (let j = await (later(0)); j < await (later(3)); j += await (later(1))) console.log(j);', '0\n1\n2'],
  ['for (const k in await (later(o))) console.log(k);\nfor (const k of await (later([1]))) console.log(k);', 'p\nf\n1'],
  ['switch (await (later(2))) { case await (later(2)): console.log(await (later(`two`))); break; default: }', 'two'],
  [
    `try { throw await (later({})); } catch ({ message = await (later('m')) }: any) { console.log(message); } finally { await (later(1)); }`,
    'm',
  ],
  [`try { await (Promise.reject(new Error('no'))); } catch (e) { (e as Error).message }\nawait (later(2))`, '2'],
  ['base: for (const k of [1, 2]) { for (;;) { await (later(k)); continue base; } }\nn', '2'],
  ['{ const block = await (later(2)); var outside = block; }\noutside', '2'],
  [
    `class Keyed { [await (later('k'))]() { return 1; } static s = 1; }\nObject.getOwnPropertyNames(Keyed.prototype)`,
    `[ 'constructor', 'k' ]`,
  ],
  [
    'class Derived extends (await (later(Array<number>))) { more = 1; }\n[new Derived(2).length, new Derived().more]',
    '[ 2, 1 ]',
  ],
  [
    'const mark = (v: number) => (c: any) => { c.v = v; };\n@(mark(await (later(1)))) class Marked {}\n(Marked as any).v',
    '1',
  ],
  ['enum E { A = 4 } await (later(E.A))', '4'],
  ['export const shown = await (later(8)); export function twice() { return 2 * shown; } shown', '8'],
  [
    'export const { p: part, ...others } = await (later({ p: 1, q: 2 })); export type Num = number; const num: Num = twice(); num',
    '16',
  ],
  ['export default await (later(9));', ''],
  ['const x: Num = part; [x, others]', '[ 1, { q: 2 } ]'],
];

/** Variables of earlier cells, and of the same cell, given new values. */
const earlier: Cell[] = [
  [`base = await (later('a')); base += await (later('b')); base`, 'ab'],
  [`[base] = [await (later('y'))]; base`, 'y'],
  [`({ base = await (later('z')) } = {} as { base?: string }); base`, 'z'],
  [`({ p: n } = await (later(o))); n`, '1'],
  [`let given: string; ({ given = base } = {} as { given?: string }); given`, 'z'],
  [`let kept: number; ({ kept = await (later(4)) } = {} as { kept?: number }); kept`, '4'],
  ['const { p: sameName } = o; sameName', '1'],
  [`for await (base of [later('fa'), later('fb')]);\nbase`, 'fb'],
  ['let none: number | undefined; none ??= await (later(n)); none', '1'],
  [
    'const inner = async () => { for await (const x of count(2)) await (later(x)); return base; };\ninner',
    '[AsyncFunction: inner]',
  ],
  ['await (inner())', 'fb'],
  ['function first() { return later(second); } const second = 3; await (first())', '3'],
];

const nowhere = `Cannot find name 'await'. Did you mean to write this in an async function?`;
const notHere = `'await' expressions are only allowed within async functions and at the top levels of modules.`;

const refused: Cell[] = [
  ['function f() { return await later(1); }', `TypeScript: line 1, column 23: ${notHere}`],
  ['const f = () => await (later(1));', `TypeScript: line 1, column 17: ${nowhere}`],
  ['const f = { m() { await later(1); } };', `TypeScript: line 1, column 19: ${notHere}`],
  ['const F = class { m() { await later(1); } };', `TypeScript: line 1, column 25: ${notHere}`],
  ['await (1); const f = () => await later(1);', `TypeScript: line 1, column 28: ${notHere}`],
  ['class F { static x = await later(1); }', `TypeScript: line 1, column 22: ${notHere}`],
  [
    'class F { static { await later(1); } }',
    'TypeScript: line 1, column 20: Await expression cannot be used inside a class static block.',
  ],
  [
    'const await = 1;',
    `TypeScript: line 1, column 7: Identifier expected. 'await' is a reserved word at the top-level of a module.`,
  ],
  [
    'const s: string = await (later(1));',
    `TypeScript: line 1, column 7: Type 'number' is not assignable to type 'string'.`,
  ],
  [`await (Promise.reject(new TypeError('lost')))`, 'TypeError: lost'],
];

testUnless(noJupyter, 'an await may stand wherever a cell runs outside of functions', async (t) => {
  const cells = [...beginning, ...operands, ...expressions, ...statements, ...earlier, ...refused];
  t.deepEqual(await run(cells), cells);
});

testUnless(noJupyter, 'cells import by absolute path; files that await at their top level are refused', async (t) => {
  const files = {
    'other.ts': 'export const other = (n: number): number => n * 10;\n',
    'typed.ts': `import { other } from './other.js';\nexport const typed = (n: number): number => other(n) + 1;\n`,
    'plain.js': 'export const plain = 5;\n',
    'slow.ts': 'export const before = 1;\n\nexport const slow = await (Promise.resolve(1));\n',
    'through.ts': `export { slow as through } from './slow.js';\n`,
    'loop.ts': 'for await (const x of [1]) console.log(x);\nexport const loop = 1;\n',
    'fine.ts': `export const fine = async () => await (1);\nexport const text = 'await (x)';\n`,
  };
  const at = join(folder, 'files');
  mkdirSync(at);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(at, name), text);
  const refusal = 'only a cell can await at its top level, no file that it imports; await in an async function';
  const cells: Cell[] = [
    [`import { typed } from '${at}/typed.js'; typed(2)`, '21'],
    [`import { typed as again } from './files/typed.js'; again === typed`, 'true'],
    [`import { plain } from '${at}/plain.js'; await (plain)`, '5'],
    [`(await import('${at}/typed')).typed(3)`, '31'],
    [`import { slow } from './files/slow.js'; slow`, `TypeScript: files/slow.ts, line 3, column 21: ${refusal}`],
    [
      `import { through } from './files/through.js'; through`,
      `TypeScript: files/slow.ts, line 3, column 21: ${refusal}`,
    ],
    [`import { loop } from './files/loop.js'; loop`, `TypeScript: files/loop.ts, line 1, column 5: ${refusal}`],
    [`import { fine, text } from './files/fine.js'; [await (fine()), text]`, `[ 1, 'await (x)' ]`],
  ];
  t.deepEqual(await run(cells), cells);
});

test('a cell is complete once its last await is', async (t) => {
  const cells: [string, boolean][] = [
    ['await (x)', true],
    ['await (', false],
    ['await [1,', false],
    ['await /[(]/.exec(y)', true],
    ['await /[/]{/.source', true],
    ['for await (const x of y) {', false],
    ['for await (const x of y) {}', true],
  ];
  const program = `
    const tslab = require('node:path').dirname(require.resolve('tslab/package.json'));
    require('./src/notebook/kernel/tslab-edits.cjs').editTslab(tslab);
    const { isCompleteCode } = require(tslab + '/dist/converter.js');
    console.log(JSON.stringify(${JSON.stringify(cells)}.map(([cell]) => [cell, isCompleteCode(cell).completed])));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { cwd: packageRoot() });
  t.deepEqual(JSON.parse(stdout), cells);
});
