import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { zipOf } from '../acquisition/archives.js';
import { folderOf } from '../datasets/folders.js';
import { resizedHdf5 } from './hdf5-builder.js';
import { element, mat, matrix, types } from './mat-builder.js';
import { text } from './pickles.js';

const MiB = 2 ** 20;

/** What comes of a file in a process of its own, which may take less than a GiB. */
function outcomeOf(t: ExecutionContext, name: string, bytes: Uint8Array): string {
  t.true(bytes.length < MiB, `${name} is small: ${bytes.length} bytes`);
  const file = join(folderOf(t, { [name]: bytes }), name);
  const program = fileURLToPath(new URL('read-in-process.js', import.meta.url));
  const answer = execFileSync(process.execPath, [program, file], { encoding: 'utf8', timeout: 120_000 });
  const { outcome, mebibytes } = JSON.parse(answer) as { outcome: string; mebibytes: number };
  t.true(mebibytes < 1024, `${name} takes ${mebibytes} MiB`);
  t.notRegex(outcome, /\n/);
  return outcome;
}

const pickled = (pickle: Uint8Array | string): Uint8Array => {
  const bytes = typeof pickle === 'string' ? Buffer.from(pickle, 'latin1') : pickle;
  return zipOf([{ name: 's/data.pkl', contents: bytes }]);
};
const repeated = (operation: string, count: number): string => `\x80\x04${operation.repeat(count)}.`;
const put = (index: number): string => `r${Buffer.from(Uint32Array.of(index).buffer).toString('latin1')}`;
const get = (index: number): string => put(index).replace('r', 'j');
const sizes = `(${'K\x01'.repeat(64)}t`;
const storage = `(${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}K\x04tQ`;
/** What makes a tensor, and what it is made of. */
const tensor = `ctorch._utils\n_rebuild_tensor_v2\n${put(0)}(${storage}K\x00${sizes}${sizes}\x89}t${put(1)}`;

const pickles: Readonly<Record<string, readonly [pickle: Uint8Array | string, message: RegExp]>> = {
  'more than it should expand to': [Buffer.alloc(70 * MiB, '}'), /data\.pkl expands to far more than it should/],
  'endless dicts': [Buffer.alloc(8 * MiB, '}'), /holds far more than weights need/],
  'endless lists': [Buffer.alloc(8 * MiB, ']'), /holds far more than weights need/],
  'endless bytes': [repeated('C\x00', 4 * MiB), /holds far more than weights need/],
  'copies of a dict': [
    `\x80\x04ccollections\nOrderedDict\n${put(0)}](${'NN\x86'.repeat(20_000)}e${put(1)}${`${get(0)}${get(1)}\x85R`.repeat(20_000)}.`,
    /holds far more than weights need/,
  ],
  'copies of a set': [
    `\x80\x04cbuiltins\nset\n${put(0)}](${'NN\x86'.repeat(20_000)}e${put(1)}${`${get(0)}${get(1)}\x85R`.repeat(20_000)}.`,
    /holds far more than weights need/,
  ],
  'shapes of many sides': [
    `\x80\x04${tensor}${`${get(0)}${get(1)}R`.repeat(100_000)}.`,
    /holds far more than weights need/,
  ],
  'a name that is lists in lists': [`\x80\x04]${put(0)}${Array.from({ length: 60 }, (_, i) => `](${get(i)}${get(i)}e${put(i + 1)}`).join('')}${get(60)}${get(60)}\x93.`, /a name that is not a text/], // prettier-ignore
  'a name of deep lists': [`\x80\x04]${'\x85'.repeat(200_000)}${put(0)}${get(0)}\x93.`, /a name that is not a text/],
};
for (const [name, [pickle, message]] of Object.entries(pickles))
  test(`pickle: ${name}`, (t) => t.regex(outcomeOf(t, 'a.pth', pickled(pickle)), message));

test('npz: zeros that expand a thousandfold', (t) => {
  const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (80000000,), }".padEnd(117);
  const start = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, 'latin1');
  const member = Buffer.concat([start, Buffer.alloc(80_000_000)]);
  t.regex(outcomeOf(t, 'a.npz', zipOf([{ name: 'x.npy', contents: member }])), /x\.npy expands to far more than it/);
});

test('mat: bytes that become doubles, and arrays without end', (t) => {
  const packed = (content: Buffer): Buffer => mat(element(types.compressed, deflateSync(content)));
  const count = 24 * MiB;
  const bytes = matrix(6, [count, 1], 'x', element(types.uint8, Buffer.alloc(count)));
  t.regex(outcomeOf(t, 'a.mat', packed(bytes)), /an array expands to far more than it should/);
  const small = matrix(6, [1, 1], '', element(types.uint8, Buffer.of(1)));
  const many = Math.floor((30 * MiB) / small.length);
  const cells = matrix(1, [many, 1], 'x', Buffer.alloc(many * small.length, small));
  t.regex(outcomeOf(t, 'a.mat', packed(cells)), /it has too many arrays/);
  const words = matrix(4, [1, count], 'x', element(types.utf8, Buffer.alloc(count, 'a')));
  t.regex(outcomeOf(t, 'a.mat', packed(words)), /a text expands to far more than it should/);
});

test('hdf5: a data set that is announced and not there', async (t) => {
  const bytes = await resizedHdf5(250_000_000);
  t.regex(outcomeOf(t, 'a.hdf5', bytes), /a data set of 250000000 bytes; the most for this file is/);
  const huge = await resizedHdf5(2 ** 50);
  t.regex(outcomeOf(t, 'a.hdf5', huge), /a data set of 1125899906842624 bytes; the most for this file is/);
});
