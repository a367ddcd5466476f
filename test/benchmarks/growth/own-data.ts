import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { RandomStream } from '../../../src/random/stream.js';
import { ourChild } from '../child.js';
import { medianOf } from '../report.js';
import { inTurns, type RoundsOptions } from '../rounds.js';
import type { Curve, Measured } from './curve.js';
import type { Found, Question } from './own-data-child.js';

// Data of one's own as files: pictures in images/ and triplets.csv, drawn by code.

const DIFFERENT = 64; // pictures, every fourth a PNG
const OF_CSV = 1000; // pictures, where lines grow
const LINES = 10_000; // where pictures grow

const nameOf = (i: number): string => `picture-${String(i).padStart(5, '0')}.${i % 4 === 3 ? 'png' : 'jpg'}`;

/** A picture of about 10 KB: a few waves, and as much noise as makes it so large. */
async function drawPicture(i: number): Promise<Buffer> {
  const isPng = i % 4 === 3;
  const side = isPng ? 72 : 256;
  const stream = new RandomStream(i, 'pictures');
  const noise = new Float32Array(3 * side * side);
  stream.fillNormal(noise, 0, 6);
  const pixels = Uint8Array.from(noise, (value, at) => {
    const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)];
    return Math.max(0, Math.min(255, 128 + 60 * Math.sin((x * (1 + (i % 5)) + y * (i % 7)) / 20) + value));
  });
  const picture = sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
  return isPng ? picture.png().toBuffer() : picture.jpeg({ quality: 75 }).toBuffer();
}

/** Writes a folder of so many pictures and lines, and removes it after its use. */
async function withFolder<T>(pictures: number, lines: number, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-benchmark-'));
  try {
    const images = join(folder, 'images');
    mkdirSync(images);
    const drawn = Math.min(DIFFERENT, pictures);
    for (let i = 0; i < drawn; i++) writeFileSync(join(images, nameOf(i)), await drawPicture(i));
    for (let i = drawn; i < pictures; i++) copyFileSync(join(images, nameOf(i % DIFFERENT)), join(images, nameOf(i)));
    const stream = new RandomStream(1, 'triplets');
    const rows = Array.from({ length: lines }, () => {
      const a = stream.integer(pictures);
      const [b, c] = [1, 2].map((by) => (a + by * (1 + stream.integer(Math.floor(pictures / 2) - 1))) % pictures);
      return `${nameOf(a)},${nameOf(b)},${nameOf(c)}\n`;
    });
    writeFileSync(join(folder, 'triplets.csv'), rows.join(''));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Asks a process of its own, whose peak of memory is that of the question; its home is the folder: no cache but its own. */
async function fresh(question: Question): Promise<Found> {
  const child = ourChild('growth/own-data-child.ts', { HOME: question.folder });
  try {
    return await child.ask<Found>(question);
  } finally {
    await child.close();
  }
}

async function measured(limits: RoundsOptions, ask: () => Promise<Found>): Promise<Measured> {
  const { ours } = await inTurns(ask, () => undefined, limits);
  return { seconds: medianOf(ours, 'seconds'), 'peak MiB': Math.max(...ours.map(({ peakMiB }) => peakMiB)) };
}

/** Reading, checking and splitting triplets.csv. */
export function csvLines(limits: RoundsOptions): readonly Curve[] {
  const read = (again: boolean) => (lines: number) =>
    withFolder(OF_CSV, lines, async (folder) => {
      const ask = () => fresh({ task: 'read', folder, ...(!again && { without: 'cache' as const }) });
      if (again) await ask();
      return measured(limits, ask);
    });
  return [
    { name: 'first time', measure: read(false), most: Infinity },
    { name: 'again', measure: read(true), most: Infinity },
  ];
}

/** Finding all pictures of a folder and the triplets of them, and decoding all for a network. */
export function pictures(limits: RoundsOptions): readonly Curve[] {
  const of = (task: Question['task']) => (count: number) =>
    withFolder(count, LINES, async (folder) => {
      const found = await measured(limits, () => fresh({ task, folder }));
      return task === 'decode' ? { ...found, 'pictures/s': count / found.seconds } : found;
    });
  return [
    { name: 'find and check', measure: of('read'), most: Infinity },
    { name: 'decode and resize', measure: of('decode'), most: Infinity },
  ];
}
