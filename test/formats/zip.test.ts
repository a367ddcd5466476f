import { readFileSync } from 'node:fs';
import test from 'ava';
import { zipSync } from 'fflate';
import { UsageError } from '../../src/errors.js';
import { Inflater } from '../../src/formats/inflate.js';
import { readZip } from '../../src/formats/zip/zip.js';
import { deflateRawSync, deflateSync } from 'node:zlib';

const content = Buffer.from('abc'.repeat(1000));
const central = 0x02014b50;

function contents(bytes: Uint8Array): [string, string][] {
  return readZip(bytes, 'a.zip').map((entry) => [entry.name, Buffer.from(entry.read()).toString()]);
}

/** The archive with the 32 or 16 bits at an offset of its (first) directory entry changed. */
function withField(bytes: Uint8Array, offset: number, size: 2 | 4, value: number): Uint8Array {
  const changed = Buffer.from(bytes);
  const directory = changed.indexOf(Buffer.from(Uint32Array.of(central).buffer));
  changed.writeUIntLE(value, directory + offset, size);
  return changed;
}

test('stored and deflated members, with a comment behind', (t) => {
  const members = { 'a.txt': content, 'folder/b.bin': new Uint8Array(0) };
  const expected = [
    ['a.txt', content.toString()],
    ['folder/b.bin', ''],
  ];
  for (const level of [0, 9] as const)
    t.deepEqual(contents(zipSync(members, { level })), expected as [string, string][]);
  const commented = Buffer.concat([zipSync(members), Buffer.from('hello')]);
  commented.writeUInt16LE(5, commented.length - 7);
  t.deepEqual(contents(commented), expected as [string, string][]);
});

test('an archive of PyTorch, with 64-bit records', (t) => {
  const entries = readZip(readFileSync('test/golden/formats/state_zip.pth'), 'state_zip.pth');
  t.true(entries.length > 2);
  for (const entry of entries) t.is(entry.read().length, entry.size);
  const version = entries.find((entry) => entry.name.endsWith('/version'))!;
  t.is(Buffer.from(version.read()).toString(), '3\n');
});

test('what claims to be larger than it can be is refused before memory is taken', (t) => {
  const bomb = withField(zipSync({ 'a.npy': content }, { level: 9 }), 24, 4, 0x7fffffff);
  t.throws(() => contents(bomb), { instanceOf: UsageError, message: /a\.npy expands to far more than it should; / });
  const longer = withField(zipSync({ 'a.npy': content }, { level: 9 }), 24, 4, 10);
  t.throws(() => contents(longer), { instanceOf: UsageError, message: /a\.npy expands to far more than it should; / });
  const shorter = withField(zipSync({ 'a.npy': content }, { level: 9 }), 24, 4, 4000);
  t.throws(() => contents(shorter), { instanceOf: UsageError, message: /a\.npy has 3000 bytes, not 4000; / });
  const zeros = deflateSync(new Uint8Array(5000));
  const limits = { always: 6000, ratio: 1 };
  t.is(new Inflater('a.mat', 10, limits).zlib(zeros, 'a variable').length, 5000);
  const inflater = new Inflater('a.mat', 10, limits);
  inflater.raw(deflateRawSync(new Uint8Array(2000)), 'one', 2000);
  t.throws(() => inflater.zlib(zeros, 'another'), { instanceOf: UsageError, message: /another expands to far more/ });
});

test('contradictions and what is not read are refused', (t) => {
  const bytes = zipSync({ 'a.npy': content }, { level: 0 });
  t.throws(() => contents(withField(bytes, 8, 2, 1)), { instanceOf: UsageError, message: /a\.npy is encrypted; / });
  t.throws(() => contents(withField(bytes, 10, 2, 93)), { instanceOf: UsageError, message: /by method 93; / });
  t.throws(() => contents(withField(bytes, 16, 4, 1)), { instanceOf: UsageError, message: /cut short or damaged/ });
  t.throws(() => contents(withField(bytes, 42, 4, 0xfffffff0)), {
    instanceOf: UsageError,
    message: /cut short or damaged/,
  });
  t.throws(() => contents(withField(bytes, 20, 4, 0x7fffffff)), {
    instanceOf: UsageError,
    message: /larger than itself/,
  });
  const twice = Buffer.from(zipSync({ 'a.npy': content, 'b.npy': content }, { level: 0 }));
  for (let at = twice.indexOf('b.npy'); at >= 0; at = twice.indexOf('b.npy')) twice.write('a', at);
  t.throws(() => contents(twice), { instanceOf: UsageError, message: /it has a\.npy twice/ });
  for (const other of [new Uint8Array(0), Buffer.from('PK'), new Uint8Array(100)])
    t.throws(() => contents(other), {
      instanceOf: UsageError,
      message: /^invalid a\.zip: not a zip archive, or cut short; /,
    });
});
