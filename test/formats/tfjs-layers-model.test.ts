import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '../../src/tf.js';
import test, { type ExecutionContext } from 'ava';
import { UsageError } from '../../src/errors.js';
import { readTfjsModel } from '../../src/formats/tfjs-layers-model.js';
import { plain } from './arrays.js';

interface Model {
  weightsManifest: { paths: string[]; weights: unknown[] }[];
}

function folderOf(t: ExecutionContext, model: unknown, files: Record<string, Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'model.json'), typeof model === 'string' ? model : JSON.stringify(model));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, 'model', name), bytes);
  return join(folder, 'model', 'model.json');
}

test('what TensorFlow.js itself encodes, cut into shards anywhere, is read as it was', async (t) => {
  const tensors = {
    'conv/kernel': tf.tensor4d([1.5, -2, 3, 4], [1, 2, 1, 2]),
    'flags/bool': tf.tensor1d([1, 0, 1], 'bool'),
    'conv/bias': tf.tensor1d([7, 1e-30]), // behind three bytes: not aligned
    'count/int': tf.scalar(-5, 'int32'),
    'none/empty': tf.zeros([0, 3]),
  };
  const { data, specs } = await tf.io.encodeWeights(tensors);
  const bytes = new Uint8Array(data);
  for (const cut of [0, 1, 5, 18, bytes.length]) {
    const model: Model = {
      weightsManifest: [{ paths: ['group1-shard1of2.bin', 'group1-shard2of2.bin'], weights: specs }],
    };
    const file = folderOf(t, model, {
      'group1-shard1of2.bin': bytes.subarray(0, cut),
      'group1-shard2of2.bin': bytes.subarray(cut),
    });
    const read = readTfjsModel(file);
    t.deepEqual([...read.keys()], Object.keys(tensors));
    for (const [name, tensor] of Object.entries(tensors)) {
      const expected = {
        dtype: tensor.dtype as string,
        shape: tensor.shape as number[],
        values: [...tensor.dataSync()].map(String),
      };
      t.deepEqual(plain(read.get(name)!), expected, name);
    }
  }
});

test('several groups, and quantized weights as TensorFlow.js decodes them', (t) => {
  const stored = { a: Buffer.of(0, 128, 255), b: Buffer.of(0, 0, 1, 0, 255, 255), c: Buffer.of(0, 0x3c, 0, 0xc0) };
  const spec = (name: string, count: number, quantization: object) => ({
    name,
    shape: [count],
    dtype: 'float32' as const,
    quantization,
  });
  const weights = [
    spec('a', 3, { dtype: 'uint8', scale: 0.1, min: -1 }),
    spec('b', 3, { dtype: 'uint16', scale: 0.5, min: 2 }),
    spec('c', 2, { dtype: 'float16' }),
  ];
  const model: Model = {
    weightsManifest: [
      { paths: ['1.bin'], weights: [weights[0]] },
      { paths: ['2.bin'], weights: weights.slice(1) },
    ],
  };
  const file = folderOf(t, model, { '1.bin': stored.a, '2.bin': Buffer.concat([stored.b, stored.c]) });
  const all = Uint8Array.from(Buffer.concat([stored.a, stored.b, stored.c]));
  const expected = tf.io.decodeWeights(all.buffer, weights as unknown as tf.io.WeightsManifestEntry[]);
  const read = readTfjsModel(file);
  for (const [name, tensor] of Object.entries(expected))
    t.deepEqual([...read.get(name)!.data], [...tensor.dataSync()], name);
  t.is(read.size, 3);
});

test('what is damaged, missing or outside the folder is refused in one line', (t) => {
  const shard = Buffer.alloc(8);
  const weight = { name: 'w', shape: [2], dtype: 'float32' };
  const model = (paths: string[], ...weights: unknown[]): Model => ({ weightsManifest: [{ paths, weights }] });
  const refuse = (given: unknown, reason: RegExp): void => {
    const file = folderOf(t, given, { 'a.bin': shard });
    const { message } = t.throws(() => readTfjsModel(file), { instanceOf: UsageError });
    t.regex(message, reason);
    t.notRegex(message, /\n/);
  };
  refuse('{', /not JSON/);
  refuse('[]', /no model of TensorFlow\.js/);
  refuse({ weightsManifest: [{ paths: ['a.bin'] }] }, /no model of TensorFlow\.js: weightsManifest\.0\.weights/);
  refuse(model(['a.bin'], { ...weight, shape: [-2] }), /no model of TensorFlow\.js/);
  refuse(model(['a.bin'], { ...weight, shape: [3] }), /its shards hold 8 bytes/);
  refuse(model(['a.bin'], { ...weight, shape: [1] }), /its shards hold 8 bytes/);
  refuse(model(['a.bin'], { ...weight, shape: [2 ** 40, 2 ** 40] }), /its shards hold 8 bytes/);
  refuse(model(['a.bin'], { ...weight, dtype: 'string' }), /weight w has dtype string; readable are float32/);
  refuse(model(['a.bin'], { ...weight, shape: [1] }, { ...weight, shape: [1] }), /it has w twice/);
  refuse(model(['b.bin'], weight), /missing file: .*b\.bin/);
  refuse(model(['../../secret.bin'], weight), /it must lie inside/);
  refuse(model(['/etc/passwd'], weight), /it must lie inside/);
  t.is(readTfjsModel(folderOf(t, model(['a.bin'], weight), { 'a.bin': shard })).size, 1);
});
