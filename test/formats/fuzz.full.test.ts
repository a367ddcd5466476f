import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import crc32c from 'crc-32/crc32c.js';
import { readCustomTriplets } from '../../src/datasets/custom/custom-triplets-file.js';
import { DataFolder } from '../../src/datasets/data-folder.js';
import { parseManifest } from '../../src/acquisition/manifest.js';
import { unpack } from '../../src/acquisition/unpack.js';
import { loadConfiguration } from '../../src/configuration/load.js';
import { UsageError } from '../../src/errors.js';
import { decodeMat } from '../../src/formats/mat/mat.js';
import { decodeNpy } from '../../src/formats/npy.js';
import { decodeNpz } from '../../src/formats/npz.js';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import { decodeScalarEvents, encodeScalarEvents } from '../../src/formats/tensorboard-events.js';
import { readTfjsModel } from '../../src/formats/tfjs-layers-model.js';
import { decodeTorch } from '../../src/formats/torch/torch-file.js';
import { readZip } from '../../src/formats/zip/zip.js';
import { readRunRecord, type RunRecord } from '../../src/training/runs/run-record.js';
import { tarOf, zipOf } from '../acquisition/archives.js';
import { folderOf } from '../datasets/folders.js';
import { writeRun } from '../evaluation/run-folder.js';
import { element, mat, matrix, types } from './mat-builder.js';
import { mutated } from './mutations.js';

const count = 5000;
const golden = (name: string): Buffer => readFileSync(join('test/golden/formats', name));

type Read = (bytes: Uint8Array) => unknown;

/** Every mutation of every file is read or refused in one line; some are refused, or nothing was tried. */
async function fuzz(t: ExecutionContext, seeds: readonly Uint8Array[], read: Read, times = count): Promise<void> {
  let refused = 0;
  for (const seed of seeds) await t.notThrowsAsync(async () => read(seed));
  for (let i = 0; i < times; i++) {
    try {
      await read(mutated(seeds[i % seeds.length], i));
    } catch (error) {
      if (!(error instanceof UsageError)) {
        t.fail(`mutation ${i}: ${(error as Error).stack}`);
        if (i > 50) return;
      } else if (/[\n\r]/.test(error.message)) t.fail(`mutation ${i}: ${error.message}`);
      refused++;
    }
  }
  t.true(refused > times / 20, `${refused} refused`);
}

const events = encodeScalarEvents([1, 2, 3].map((step) => ({ tag: 'INFO/1_loss', value: step / 3, step, wallTime: 1e9 + step }))); // prettier-ignore
/** The data of the first record of a step, and a file of one record under right checksums. */
const record = Buffer.from(events).subarray(52, 52 + 33);
function framed(data: Uint8Array): Buffer {
  const masked = (bytes: Uint8Array): number => {
    const crc = crc32c.buf(bytes);
    return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  };
  const whole = Buffer.alloc(data.length + 16);
  whole.writeBigUInt64LE(BigInt(data.length), 0);
  whole.writeUInt32LE(masked(whole.subarray(0, 8)), 8);
  whole.set(data, 12);
  whole.writeUInt32LE(masked(data), 12 + data.length);
  return whole;
}

const npy = Buffer.from(readZip(golden('embeddings_stored.npz'), 'a')[0].read());
const pickle = Buffer.from(
  readZip(golden('state_zip.pth'), 'a')
    .find(({ name }) => name.endsWith('data.pkl'))!
    .read(),
);
const storages = readZip(golden('state_zip.pth'), 'a').filter(({ name }) => !name.endsWith('data.pkl'));
const withPickle = (bytes: Uint8Array): Buffer =>
  zipOf([
    ...storages.map(({ name, read }) => ({ name, contents: read(), stored: true })),
    { name: `${storages[0].name.split('/')[0]}/data.pkl`, contents: bytes, stored: true },
  ]);
const header = Buffer.from(JSON.stringify({ a: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] }, b: { dtype: 'BOOL', shape: [3], data_offsets: [8, 11] }, __metadata__: { c: 'd' } })); // prettier-ignore
const safetensors = Buffer.concat([Buffer.from(BigUint64Array.of(BigInt(header.length)).buffer), header, Buffer.alloc(11)]); // prettier-ignore
const variable = Buffer.concat([
  matrix(1, [1, 2], 'x', matrix(4, [1, 3], '', element(types.utf8, 'abc')), matrix(6, [1, 2], '', element(types.uint8, Uint8Array.of(1, 2)))), // prettier-ignore
]);

const inMemory: Readonly<Record<string, readonly [seeds: readonly Uint8Array[], read: Read]>> = {
  npy: [[npy], (bytes) => decodeNpy(bytes, 'a.npy')],
  npz: [[golden('embeddings_stored.npz'), golden('embeddings_compressed.npz')], (bytes) => decodeNpz(bytes, 'a.npz')],
  'npy in npz': [[npy], (bytes) => decodeNpz(zipOf([{ name: 'a.npy', contents: bytes }]), 'a.npz')],
  safetensors: [[safetensors], (bytes) => decodeSafetensors(bytes, 'a.safetensors')],
  'pth, zip and legacy': [
    [golden('state_zip.pth'), golden('state_legacy.pth'), golden('state_legacy.pth')],
    (bytes) => decodeTorch(bytes, 'a.pth'),
  ],
  'pickle in pth': [[pickle], (bytes) => decodeTorch(withPickle(bytes), 'a.pth')],
  mat: [
    ['sortind', 'words_compressed', 'cars_annos'].map((name) => golden(`${name}.mat`)),
    (bytes) => decodeMat(bytes, 'a.mat'),
  ],
  'variable in mat': [[variable], (bytes) => decodeMat(mat(element(types.compressed, deflateSync(bytes))), 'a.mat')],
  events: [[events], (bytes) => decodeScalarEvents(bytes, 'events')],
  'record of events': [[record], (bytes) => decodeScalarEvents(framed(bytes), 'events')],
  manifest: [[readFileSync('data-manifests/cars.yaml')], (bytes) => parseManifest(Buffer.from(bytes).toString(), 'a')],
};
for (const [name, [seeds, read]] of Object.entries(inMemory)) test(name, async (t) => fuzz(t, seeds, read));

test('tfjs layers model', async (t) => {
  const weights = [
    { name: 'a/kernel', shape: [2, 2], dtype: 'float32' },
    { name: 'b', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
  ];
  const model = Buffer.from(
    JSON.stringify({ format: 'layers-model', weightsManifest: [{ paths: ['1.bin'], weights }] }),
  );
  const folder = folderOf(t, { '1.bin': Buffer.alloc(18) });
  await fuzz(t, [model], (bytes) => {
    writeFileSync(join(folder, 'model.json'), bytes);
    return readTfjsModel(join(folder, 'model.json'));
  });
});

test('configuration', async (t) => {
  const file = join(folderOf(t), 'a.yaml');
  const seed = readdirSync('configurations', { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.yaml'))!; // prettier-ignore
  await fuzz(t, [readFileSync(join('configurations', seed))], (bytes) => {
    writeFileSync(file, bytes);
    return loadConfiguration(file);
  });
});

test('run record', async (t) => {
  const folder = folderOf(t);
  writeRun(folder, 'configurations/synthetic/synthetic_p_ste.yaml', [], {});
  const whole = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;
  const epoch = { epoch: 1, training_loss: 2, validation_loss: 1, metric: 0.5, seconds: 1, time: 0 };
  const seed = Buffer.from(JSON.stringify({ ...whole, epochs: [epoch] }));
  await fuzz(t, [seed], (bytes) => {
    writeFileSync(join(folder, 'run.json'), bytes);
    return readRunRecord(folder);
  });
});

test('triplets.csv', async (t) => {
  const pictures = Array.from({ length: 12 }, (_, i) => `p${String(i).padStart(3, '0')}.jpg`);
  const rows = Array.from({ length: 30 }, (_, i) => [i % 12, (i * 5 + 1) % 12, (i * 7 + 2) % 12]);
  const named = rows.map((row) => row.map((i) => pictures[i]).join()).join('\n');
  const seeds = [`anchor,positive,negative\n${named}`, named.replaceAll(',', ';'), rows.map((row) => row.join('\t')).join('\r\n')]; // prettier-ignore
  const root = folderOf(t, { 'triplets.csv': named });
  const folder = new DataFolder(root, { remedy: 'give some' });
  const read = (bytes: Uint8Array) => {
    writeFileSync(join(root, 'triplets.csv'), bytes);
    return readCustomTriplets(folder, pictures);
  };
  await fuzz(t, seeds.map((text) => Buffer.from(text)), read); // prettier-ignore
});

const members = ['d/a.txt', 'd/a.txt/below', 'b', 'c/d/e', 'd/other'].map((name) => ({
  name,
  contents: name.repeat(9),
}));
const sound = members.filter(({ name }) => name !== 'd/a.txt/below');
/** A tar file whose headers have right checksums again, so that what they say is believed. */
function summed(tar: Buffer): Buffer {
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    if (tar.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
    let sum = 8 * 32;
    for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += tar[at + i];
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  }
  return tar;
}
const archives: Readonly<
  Record<string, readonly ['zip' | 'tar' | 'tar.gz', seed: Buffer, (bytes: Uint8Array) => Uint8Array]>
> = {
  zip: ['zip', zipOf(sound), (bytes) => bytes],
  tar: ['tar', tarOf(sound), (bytes) => summed(Buffer.from(bytes))],
  'tar.gz': ['tar.gz', gzipSync(tarOf(sound)), (bytes) => bytes],
  'tar in tar.gz': ['tar.gz', tarOf(sound), (bytes) => gzipSync(summed(Buffer.from(bytes)), { level: 1 })],
};
for (const [name, [format, seed, packed]] of Object.entries(archives))
  test(`archive ${name}: nothing is written outside the folder`, async (t) => {
    const outer = folderOf(t);
    const root = join(outer, 'root');
    const file = join(outer, 'archive');
    const read = async (bytes: Uint8Array) => {
      rmSync(root, { recursive: true, force: true });
      mkdirSync(root);
      writeFileSync(file, packed(bytes));
      try {
        return await unpack(file, { format, take: [{ from: '', to: '' }] }, root);
      } finally {
        t.deepEqual(readdirSync(outer).sort(), ['archive', 'root']);
      }
    };
    // Two of four take long to pack, and are tar inside.
    await fuzz(t, [seed], read, name.endsWith('gz') ? count / 10 : count);
  });

test('hdf5: a process ends at most, within its memory', (t) => {
  const program = fileURLToPath(new URL('fuzz-hdf5.js', import.meta.url));
  for (const [name, names, end] of [
    ['obs.hdf5', 'stimulus_set,n_select,trial_type', count / 2],
    ['catalog.hdf5', 'stimulus_id,stimulus_filepath', count / 2],
  ] as const) {
    let ended = 0;
    for (let next = 0; next < end;) {
      const args = ['--max-old-space-size=512', program, join('test/golden/formats', name), names, String(next), String(end)]; // prettier-ignore
      const lines = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 200_000 }).stdout.trim().split('\n');
      const [last, mebibytes] = lines.at(-1)!.split(' ');
      if (last === 'end') {
        t.true(Number(mebibytes) < 1500, `${mebibytes} MiB for all of them in one process`);
        break;
      }
      ended++;
      t.true(Number(last) >= next, `the program begins at ${next}`);
      next = Number(last) + 1;
    }
    t.true(ended < end / 20, `${ended} of ${end} end the process`);
  }
});
