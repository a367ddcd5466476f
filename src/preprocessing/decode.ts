import { readFile } from 'node:fs/promises';
import type { default as Sharp } from 'sharp';

/** Pillow refuses larger pictures as decompression bombs. */
const MOST_PIXELS = 178956970;

/** A picture as it is resized: `[height, width, channels] uint8`, of three channels, or four inks. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

let library: Promise<typeof Sharp> | undefined;

async function loadSharp(): Promise<typeof Sharp> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  return sharp;
}

const isJpeg = (bytes: Buffer): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;
const isPng = (bytes: Buffer): boolean => bytes.length > 25 && bytes.readUInt32BE(0) === 0x89504e47;

/** Whether a JPEG file has four inks: the number of components in its frame header. */
function jpegHasInks(bytes: Buffer): boolean {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return bytes[at + 9] === 4;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return false;
}

async function colourSpace(sharp: typeof Sharp, bytes: Buffer): Promise<string | undefined> {
  if (isJpeg(bytes)) return jpegHasInks(bytes) ? 'cmyk' : 'srgb';
  if (isPng(bytes)) return bytes[24] === 16 && bytes[25] === 0 ? 'grey16' : 'srgb';
  const { space, channels } = await sharp(bytes).metadata();
  return space === 'grey16' && channels > 1 ? 'srgb' : space;
}

/** Decodes a file to the colours of Pillow's `convert('RGB')`; CMYK is left to the caller. */
export async function decode(file: string): Promise<Pixels> {
  const sharp = await (library ??= loadSharp());
  const bytes = await readFile(file);
  const space = await colourSpace(sharp, bytes);
  if (space === 'grey16') throw new Error('16-bit grey, which Pillow cuts off at 255; convert it to 8 bits');
  const opened = sharp(bytes, { ignoreIcc: true, failOn: 'truncated', limitInputPixels: MOST_PIXELS });
  const picture =
    space === 'cmyk'
      ? opened.pipelineColourspace('cmyk').toColourspace('cmyk')
      : opened.removeAlpha().toColourspace('srgb');
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== (space === 'cmyk' ? 4 : 3)) throw new Error(`a picture of ${channels} channels`);
  return { data, width, height, channels };
}

const known: readonly (readonly [RegExp, string])[] = [
  [/ENOENT/, 'no such file'],
  [/EISDIR/, 'a folder'],
  [/EACCES|EPERM/, 'may not be read'],
  [
    /unsupported image format|Input buffer is empty|Input Buffer is empty/,
    'no picture, or of a format that cannot be read',
  ],
  [/pixel limit/, `more than ${MOST_PIXELS} pixels`],
  [/premature end/i, 'truncated'],
];

/** Why a picture could not be made, in a few words. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, reason] of known) if (pattern.test(message)) return reason;
  return message
    .split('\n')[0]
    .replace(/^(VipsJpeg|vipspng|Input (buffer|file) has corrupt header): */, '')
    .slice(0, 160);
}
