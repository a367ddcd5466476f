import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { zipSync } from 'fflate';
import { folderOf } from '../datasets/folders.js';
import { UsageError } from '../../src/errors.js';
import { memorySource, withFileSource } from '../../src/formats/byte-source.js';
import { byteChunks } from '../../src/formats/nd-array.js';
import { npyParts } from '../../src/formats/npy.js';
import { decodeNpz, encodeNpz, readNpz } from '../../src/formats/npz.js';
import { decodeSafetensors, encodeSafetensors, readSafetensors } from '../../src/formats/safetensors.js';
import { decodeTorch, readTorch } from '../../src/formats/torch/torch-file.js';
import { storedZip } from '../../src/formats/zip/zip-writer.js';
import { readZip } from '../../src/formats/zip/zip.js';
import { python, pythonHas } from '../random/python.js';
import { plain, sampleArrays } from './arrays.js';
import { withFile } from './temporary.js';

const golden = (name: string): string => join('test/golden/formats', name);
const plainly = (arrays: ReadonlyMap<string, Parameters<typeof plain>[0]>) =>
  Object.fromEntries([...arrays].map(([name, array]) => [name, plain(array)]));

for (const name of ['state_zip.pth', 'state_legacy.pth'])
  test(`${name}: read storage by storage it means the same as read at once`, (t) => {
    const read = readTorch(golden(name), { whole: 0 });
    t.deepEqual(plainly(read), plainly(decodeTorch(readFileSync(golden(name)), name)));
    t.is(read.get('shared_a')!.data.buffer, read.get('shared_b')!.data.buffer);
    t.not(read.get('conv.weight')!.data.buffer, read.get('conv.bias')!.data.buffer);
  });

test('safetensors and npz files are read as their bytes are, each array in memory of its own', (t) => {
  const arrays = sampleArrays();
  const safetensors = Buffer.concat(encodeSafetensors(Object.entries(arrays), { a: 'b' }));
  const npz = encodeNpz(arrays);
  const [fromSafetensors, fromNpz] = [withFile('a', safetensors, readSafetensors), withFile('a.npz', npz, readNpz)];
  t.deepEqual(fromSafetensors, decodeSafetensors(safetensors, 'a'));
  t.deepEqual(plainly(fromNpz), plainly(decodeNpz(npz, 'a.npz')));
  t.deepEqual(plainly(fromNpz), plainly(new Map(Object.entries(arrays))));
  for (const read of [fromSafetensors.tensors, fromNpz])
    for (const { data } of read.values()) t.is(data.buffer.byteLength, data.byteLength);
});

test('the parts of files are the arrays themselves', (t) => {
  const data = Float32Array.of(1, 2, 3);
  const [, piece] = npyParts({ dtype: 'float32', shape: [3], data });
  t.is(piece.buffer, data.buffer);
  t.deepEqual(byteChunks({ data: new Float32Array(0) }), []);
});

test('a file that grows shorter is not read as zeros', (t) => {
  const folder = folderOf(t, { a: new Uint8Array(100) });
  const message = t.throws(
    () =>
      withFileSource(join(folder, 'a'), (source) => {
        writeFileSync(join(folder, 'a'), 'short');
        return source.read(0, source.length);
      }),
    { instanceOf: UsageError },
  ).message;
  t.regex(message, /^cannot read .*a: it became shorter while it was read; /);
});

const files = [
  { name: 'a.txt', parts: [Buffer.from('abc'), Buffer.from('def')] },
  { name: 'größe/b', parts: [] },
];
const contents = (bytes: Uint8Array) =>
  readZip(bytes, 'a.zip').map(({ name, size, read }) => [name, size, Buffer.from(read()).toString()]);

for (const limit of [2 ** 32 - 1, 0, 4])
  test(`zip archives with 64-bit records from ${limit} bytes on are read by us and by Python`, (t) => {
    const bytes = Buffer.concat(storedZip(files, limit));
    const expected = [
      ['a.txt', 6, 'abcdef'],
      ['größe/b', 0, ''],
    ];
    t.deepEqual(contents(bytes), expected);
    // Other bytes in front, as a program that unpacks itself has them.
    t.deepEqual(contents(Buffer.concat([Buffer.from('#!/bin/sh\n'), bytes])), expected);
    if (!pythonHas('zipfile')) return;
    const program = `
import base64, io, zipfile
archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(given)))
assert archive.testzip() is None
answer = [[i.filename, i.file_size, archive.read(i).decode()] for i in archive.infolist()]
`;
    t.deepEqual(python(program, bytes.toString('base64')), expected);
  });

(pythonHas('numpy') ? test : test.skip)('numpy reads our archives (skipped without numpy)', (t) => {
  const { float32_2x3: array } = sampleArrays();
  for (const limit of [2 ** 32 - 1, 0]) {
    const bytes = Buffer.concat(storedZip([{ name: 'x.npy', parts: npyParts(array) }], limit));
    const program = `
import base64, io, numpy
x = numpy.load(io.BytesIO(base64.b64decode(given)))['x']
answer = {'dtype': str(x.dtype), 'shape': list(x.shape), 'bytes': x.tobytes().hex()}
`;
    t.deepEqual(python(program, bytes.toString('base64')), {
      dtype: 'float32',
      shape: [2, 3],
      bytes: Buffer.concat(byteChunks(array)).toString('hex'),
    });
  }
});

test('of an npz only what is asked for is decoded; folders in it are no arrays', (t) => {
  const { float32_2x3: array, int64_2x3x4: other } = sampleArrays();
  const text = Buffer.from(`\x93NUMPY\x01\x00\x36\x00{'descr': '<U1', 'fortran_order': False, 'shape': (1,)}\na\0\0\0`, 'latin1'); // prettier-ignore
  const members = {
    'sub/': new Uint8Array(0),
    'labels.npy': text,
    'embeddings.npy': Buffer.concat(npyParts(array)),
    'other.npy': Buffer.concat(npyParts(other)),
  };
  const bytes = zipSync(members, { level: 9 });
  t.deepEqual([...decodeNpz(bytes, 'a.npz', ['embeddings'])], [['embeddings', array]]);
  t.deepEqual([...decodeNpz(bytes, 'a.npz', ['none']).keys()], []);
  t.throws(() => decodeNpz(bytes, 'a.npz'), { instanceOf: UsageError, message: /labels\.npy: elements of type <U1; / });
  t.throws(() => decodeNpz(bytes, 'a.npz', ['labels']), { instanceOf: UsageError, message: /elements of type <U1; / });
  const prefixed = Buffer.concat([Buffer.from('before'), bytes]);
  t.deepEqual([...decodeNpz(prefixed, 'a.npz', ['embeddings'])], [['embeddings', array]]);
  const twice = zipSync({ 'a.npy': Buffer.concat(npyParts(array)), a: Buffer.concat(npyParts(array)) });
  t.throws(() => decodeNpz(twice, 'a.npz'), { instanceOf: UsageError, message: /it has a twice/ });
});

test('bytes in memory are read as those of a file', (t) => {
  const bytes = Uint8Array.from({ length: 50 }, (_, i) => i);
  withFile('a', bytes, (file) =>
    withFileSource(file, (source) => {
      t.is(source.length, 50);
      for (const one of [source, memorySource(bytes)]) {
        t.deepEqual([...one.read(3, 6)], [3, 4, 5]);
        const target = new Uint8Array(2);
        one.copyTo(target, 48);
        t.deepEqual([...target], [48, 49]);
      }
    }),
  );
});
