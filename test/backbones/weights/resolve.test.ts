import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { importWeights } from '../../../src/backbones/weights/import.js';
import { listWeights } from '../../../src/backbones/weights/list.js';
import { resolveWeights } from '../../../src/backbones/weights/resolve.js';
import { readStored, storeWeights } from '../../../src/backbones/weights/stored.js';
import { decodeSafetensors } from '../../../src/formats/safetensors.js';
import { counting, refusal, temporary, writeSafetensors } from './folders.js';

const tensors = { 'conv1.weight': counting([2, 3]), 'bn1.weight': counting([2], 7) };
const facts = {
  name: 'mine',
  model: 'ResNet50',
  variant: 'torch',
  origin: 'imported',
  licence: 'as the file',
  source: 'a.pth',
  source_sha256: '0',
} as const;

test('what is kept is read again, with what is known of it', (t) => {
  const folder = temporary(t);
  const whole = storeWeights(tensors, facts, folder);
  const file = join(folder, 'mine.safetensors');
  t.deepEqual(readStored(file), { tensors: new Map(Object.entries(tensors)), facts: whole });
  t.is(decodeSafetensors(readFileSync(file), 'a').metadata['sha256'], whole.sha256);
  const floats = Buffer.from(Float32Array.of(0, 1, 2, 3, 4, 5, 7, 8).buffer);
  t.is(whole.sha256, createHash('sha256').update(floats).digest('hex'));
});

test('a tensor that changed on the disk is noticed', async (t) => {
  const folder = temporary(t);
  storeWeights(tensors, facts, folder);
  const file = join(folder, 'mine.safetensors');
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(file, bytes);
  const message = await refusal(t, () => resolveWeights({ name: 'ResNet50', weights: 'mine' }, folder));
  t.regex(message, /^wrong checksum: .*mine\.safetensors has changed since it was written; remove it/);
});

test('none, and networks that start from scratch, have no weights', async (t) => {
  const folder = temporary(t);
  t.is(resolveWeights({ name: 'ResNet50', weights: 'none' }, folder), undefined);
  t.is(resolveWeights({ name: 'SmallResNet' }, folder), undefined);
  t.is(resolveWeights({ name: 'SmallViT' }, folder), undefined);
  t.regex(
    await refusal(t, () => resolveWeights({ name: 'SmallViT', weights: 'mine' }, folder)),
    /SmallViT has no pretrained weights, set model\.weights=none/,
  );
});

test('where the default is not here, the line says how to get it and what else would do', async (t) => {
  const folder = temporary(t);
  const say = (name: 'ResNet50' | 'ViT', weights?: string) =>
    refusal(t, () => resolveWeights({ name, weights }, folder));
  t.is(
    await say('ResNet50'),
    `missing weights: resnet50-torchvision (for ResNet50) are not in ${folder}; run \`tripletlab weights fetch ` +
      'resnet50-torchvision`, or set model.weights=resnet50-keras or model.weights=none',
  );
  t.regex(await say('ViT'), /^missing weights: vit-b16-augreg .*, or set model\.weights=none$/);
  t.regex(await say('ResNet50', 'resnet50-keras'), /^missing weights: resnet50-keras /);
  t.is(
    await say('ResNet50', 'vit-b16-augreg'),
    'weights that do not fit: vit-b16-augreg are of ViT, not ResNet50; ResNet50 starts from resnet50-torchvision',
  );
  t.regex(
    await say('ResNet50', 'resnet50-kerass'),
    /^unknown weights: resnet50-kerass; did you mean resnet50-keras\?$/,
  );
  t.regex(await say('ResNet50', './no.pth'), /^missing file: \.\/no\.pth/);
  t.regex(await say('ResNet50', 'package.json'), /no model of TensorFlow\.js/);
  t.regex(await say('ResNet50', 'README.md'), /^unknown format of weights: README\.md; give one of \.pth, /);
});

test('imported weights go by their name, for their model only', async (t) => {
  const folder = temporary(t);
  const file = writeSafetensors(join(folder, 'Some weights.safetensors'), { ...tensors, 'fc.weight': counting([1]) });
  const imported = await importWeights(file, 'ResNet50', { name: 'mine', folder, check: false });
  t.like(imported, { name: 'mine', tensors: 2, dropped: ['fc.weight'], source: 'Some weights.safetensors' });
  t.is(imported.source_sha256, createHash('sha256').update(readFileSync(file)).digest('hex'));
  const resolved = resolveWeights({ name: 'ResNet50', weights: 'mine' }, folder)!;
  t.deepEqual(resolved.tensors, tensors);
  t.deepEqual(resolved.source, { name: 'mine', sha256: imported.sha256, variant: 'torch', origin: 'imported' });
  t.regex(
    await refusal(t, () => resolveWeights({ name: 'ViTS', weights: 'mine' }, folder)),
    /mine are of ResNet50, not ViTS/,
  );
  const listed = listWeights(folder).find(({ name }) => name === 'mine')!;
  t.like(listed, { model: 'ResNet50', isDefault: false, licence: 'as the file' });
  t.is(listWeights(folder).filter((one) => one.file !== undefined && one.model !== undefined).length, 1);
  t.deepEqual(
    listWeights(folder).flatMap(({ name, isDefault }) => (isDefault ? [name] : [])),
    ['resnet50-torchvision', 'bn-inception-cadene', 'vit-b16-augreg', 'vit-s16-augreg', 'vit-ti16'],
  );
});

test('a file may be named itself; its tensors have the same checksum as when imported', async (t) => {
  const folder = temporary(t);
  const file = writeSafetensors(join(folder, 'w.safetensors'), tensors);
  const resolved = resolveWeights({ name: 'ResNet50', weights: file }, folder)!;
  t.deepEqual(resolved.tensors, tensors);
  t.is(resolved.place, file);
  const { sha256 } = await importWeights(file, 'ResNet50', { name: 'mine', folder, check: false });
  t.is(resolved.source.sha256, sha256);
  const kept = join(folder, 'elsewhere.safetensors');
  copyFileSync(join(folder, 'mine.safetensors'), kept);
  t.deepEqual(resolveWeights({ name: 'ResNet50', weights: kept }, folder)!.tensors, tensors);
});

test('biases of convolutions mean the original form of ResNet-50', (t) => {
  const folder = temporary(t);
  const file = writeSafetensors(join(folder, 'w.safetensors'), { ...tensors, 'conv1.bias': counting([2]) });
  t.is(resolveWeights({ name: 'ResNet50', weights: file }, folder)!.variant, 'keras');
});

test('a published name is for the published file', async (t) => {
  const folder = temporary(t);
  const file = writeSafetensors(join(folder, 'resnet50.safetensors'), tensors);
  const say = (name: string) => refusal(t, () => importWeights(file, 'ResNet50', { name, folder, check: false }));
  t.regex(
    await say('resnet50-torchvision'),
    /^wrong checksum: sha256 [0-9a-f]{64} is not resnet50-19c8e357\.pth's; give another/,
  );
  t.regex(await say('vit-b16-augreg'), /vit-b16-augreg are of ViT, not ResNet50/);
  t.regex(await say('../up'), /^invalid name of weights: \.\.\/up;/);
  t.regex(await say(''), /^invalid name of weights: ;/);
});
