import { closeSync, ftruncateSync, openSync, statfsSync, writeSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { folderOf } from '../datasets/folders.js';
import { writeFileAtomic } from '../../src/files.js';
import { npyParts, readNpy } from '../../src/formats/npy.js';
import { npzParts, readNpz } from '../../src/formats/npz.js';
import { readTorch } from '../../src/formats/torch/torch-file.js';
import { storedZip } from '../../src/formats/zip/zip-writer.js';
import { loadLast, saveLast } from '../../src/training/runs/checkpoint.js';
import { python, pythonHas } from '../random/python.js';
import { dict, text } from './pickles.js';

// Files of more than 2 and 4 GiB, beyond which Node.js reads, writes and counts in other ways.
const GiB = 2 ** 30;
const { bavail, bsize } = statfsSync(tmpdir());
const roomy = freemem() > 8 * GiB && bavail * bsize > 8 * GiB;
const large = roomy ? test.serial : test.serial.skip;
const why = '(skipped without 8 GiB of memory and of disk)';

/** Values that tell their places, at the places where pieces meet; zeros elsewhere. */
const valueAt = (i: number): number => ((i % 1_000_003) + 1) / 1_000_004;
const places = (length: number): number[] =>
  [0, 1, 2 ** 28, 2 ** 29 - 1, 2 ** 29, 2 ** 29 + 1, length - 1].filter((i) => i < length);
function numbered(length: number): Float32Array {
  const data = new Float32Array(length);
  for (const i of places(length)) data[i] = valueAt(i);
  return data;
}
function checkPlaces(t: ExecutionContext, data: ArrayLike<number | bigint>): void {
  const { length } = data;
  for (const i of places(length)) t.is(data[i], Math.fround(valueAt(i)), `element ${i} of ${length}`);
}

/** Writes parts, those of zeros as holes, which take no disk. */
function writeSparse(file: string, parts: readonly Uint8Array[], zeros: Uint8Array): void {
  const descriptor = openSync(file, 'w');
  let at = 0;
  for (const part of parts) {
    if (part !== zeros) writeSync(descriptor, part, 0, part.length, at);
    at += part.length;
  }
  ftruncateSync(descriptor, at);
  closeSync(descriptor);
}

large(`embeddings of all of THINGS' pictures by fifty models, 2.5 GiB, are written and read ${why}`, (t) => {
  const shape = [26107, 50, 512];
  const file = join(folderOf(t), 'embeddings.npz');
  writeFileAtomic(file, ...npzParts({ embeddings: { dtype: 'float32', shape, data: numbered(26107 * 50 * 512) } }));
  const { shape: found, data } = readNpz(file, ['embeddings']).get('embeddings')!;
  t.deepEqual(found, shape);
  checkPlaces(t, data);
  if (!pythonHas('numpy')) return;
  const program = `
import numpy
x = numpy.load(given)['embeddings']
flat = x.reshape(-1)
answer = {'shape': list(x.shape), 'values': [float(flat[i]) for i in [0, 2 ** 28, 2 ** 29 + 1, flat.size - 1]]}
`;
  const asked = [0, 2 ** 28, 2 ** 29 + 1, data.length - 1];
  t.deepEqual(python(program, file), { shape, values: asked.map((i) => Math.fround(valueAt(i))) });
});

large(`a checkpoint of 2.3 GB is written and read ${why}`, (t) => {
  const folder = folderOf(t);
  const length = 580_000_000;
  const random = Uint32Array.of(1, 2, 3);
  const position = { epoch: 1, batch: 2, lossSum: 3, seconds: 4, epochs: [], best: null, random };
  saveLast(folder, { weight: { dtype: 'float32', shape: [length], data: numbered(length) } }, position);
  const { state, position: found } = loadLast(folder)!;
  t.deepEqual(found, position);
  t.deepEqual(state['weight'].shape, [length]);
  checkPlaces(t, state['weight'].data);
});

large(`an npz of more than 4 GiB is read for the array behind, by us and by numpy ${why}`, (t) => {
  const zeros = new Uint8Array(GiB / 2);
  const header = npyParts({ dtype: 'uint8', shape: [0], data: new Uint8Array(0) })[0];
  const data = Float32Array.of(1, -2, 3);
  const parts = storedZip([
    { name: 'first.npy', parts: [header, ...Array<Uint8Array>(9).fill(zeros)] },
    { name: 'embeddings.npy', parts: npyParts({ dtype: 'float32', shape: [3], data }) },
  ]);
  const file = join(folderOf(t), 'a.npz');
  writeSparse(file, parts, zeros);
  t.deepEqual([...readNpz(file, ['embeddings'])], [['embeddings', { dtype: 'float32', shape: [3], data }]]);
  if (pythonHas('numpy'))
    t.deepEqual(python("import numpy\nanswer = numpy.load(given)['embeddings'].tolist()", file), [1, -2, 3]);
});

large(`an npy of more than 4 GiB is read ${why}`, (t) => {
  const length = GiB + 1000;
  const [head] = npyParts({ dtype: 'float32', shape: [length], data: { length, byteLength: 0 } as Float32Array });
  const zeros = new Uint8Array(GiB / 2);
  const last = new Uint8Array(Float32Array.from({ length: 1000 }, (_, i) => i + 1).buffer);
  const file = join(folderOf(t), 'a.npy');
  writeSparse(file, [head, ...Array<Uint8Array>(8).fill(zeros), last], zeros);
  const { data } = readNpy(file);
  t.deepEqual([data.length, data[0], data[GiB - 1], data[GiB], data[length - 1]], [length, 0, 0, 1, 1000]);
});

large(`a .pth of more than 2 GiB is read, zip and legacy ${why}`, (t) => {
  const zeros = new Uint8Array(GiB / 2);
  const last = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
  const length = (4 * zeros.length) / 4 + 4;
  const size = `J${Buffer.from(Int32Array.of(length).buffer).toString('latin1')}`;
  const storage = `(${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}${size}tQ`;
  const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}K\x00${size}\x85K\x01\x85\x89}tR`;
  const pickle = (value: string): Buffer => Buffer.from(`\x80\x02${value}.`, 'latin1');
  const content = [zeros, zeros, zeros, zeros, last];
  const [zip, legacy] = ['zip.pth', 'legacy.pth'].map((name) => join(folderOf(t), name));
  const members = [
    { name: 's/data.pkl', parts: [pickle(dict({ w: tensor }))] },
    { name: 's/data/0', parts: content },
  ];
  writeSparse(zip, storedZip(members), zeros);
  const head = [`\x8a\x0a${Buffer.from('6cfc9c46f9206aa85019', 'hex').toString('latin1')}`, 'M\xe9\x03', dict({ little_endian: '\x88' })]; // prettier-ignore
  const pickles = [...head, dict({ w: tensor }), `]${text('0')}a`].map(pickle);
  writeSparse(legacy, [...pickles, Buffer.from(BigUint64Array.of(BigInt(length)).buffer), ...content], zeros);
  for (const file of [zip, legacy]) {
    const { data } = readTorch(file).get('w')!;
    t.deepEqual([data.length, data[0], data[length - 5], data[length - 4], data[length - 1]], [length, 0, 0, 1, 4]);
  }
});
