import type { default as Sharp } from 'sharp';
import { firstFrame, onCanvas } from './gif.js';
import { jpegFrame } from './jpeg-frame.js';
import { readPictureFile, type PictureFormat } from '../picture-file.js';
import { withWholePalette } from './png-palette.js';
import { tiffTags } from './tiff-tags.js';

/** Holds a decoded picture, `[height, width, channels] uint8`: three channels, or four inks. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Holds what a file's header says. */
interface Header {
  readonly width: number;
  readonly height: number;
  /** Bytes for each pixel that the decoder holds of the whole picture, besides its result. */
  readonly held: number;
  readonly cmyk?: boolean;
  /** The bytes to decode in place of the file. */
  readonly bytes?: Buffer;
  /** Whether to rotate the picture by its EXIF orientation, as Pillow does with this format only. */
  readonly turned?: boolean;
  /** Is applied to the decoded pixels. */
  readonly finish?: (data: Uint8Array) => Uint8Array;
}

/** Holds a picture whose header has been read. */
export interface OpenedPicture {
  readonly width: number;
  readonly height: number;
  /** The most memory that decoding and resizing take, in bytes. */
  readonly memory: number;
  decode(): Promise<Pixels>;
}

let library: Promise<typeof Sharp> | undefined;

async function loadSharp(): Promise<typeof Sharp> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  return sharp;
}

const GREY_16 = '16-bit grey, which Pillow cuts off at 255; convert it to 8 bits';

const headers = {
  jpeg(bytes) {
    const { width, height, components, progressive } = jpegFrame(bytes);
    return { width, height, cmyk: components === 4, held: progressive ? 2 * components : 0 };
  },
  png(bytes) {
    if (bytes.length < 33) throw new Error('truncated');
    const [bits, colourType, interlaced] = [bytes[24], bytes[25], bytes[28]];
    if (bits === 16 && colourType === 0) throw new Error(GREY_16);
    return {
      width: bytes.readUInt32BE(16),
      height: bytes.readUInt32BE(20),
      held: interlaced ? (4 * Math.max(bits, 8)) / 8 : 0,
      bytes: withWholePalette(bytes),
    };
  },
  gif(bytes) {
    const frame = firstFrame(bytes);
    const { width, height, still } = frame;
    return { width, height, held: 12, bytes: still, finish: (data) => onCanvas(data, frame) };
  },
  async webp(bytes, sharp) {
    const { width, height } = await sharp(bytes).metadata();
    return { width, height, held: 12 };
  },
  async tiff(bytes, sharp) {
    const tags = tiffTags(bytes);
    const [bits, compression, photometric, extra] = [258, 259, 262, 338].map((tag) => tags.get(tag));
    if (photometric === 8) throw new Error('a TIFF of CIELAB colours; convert it to RGB');
    if (photometric === 6 && compression !== 7) throw new Error('a TIFF of YCbCr colours; convert it to RGB');
    if (bits === 16 && extra === 1) throw new Error('a TIFF of 16 bits with premultiplied alpha; convert it to 8 bits');
    const { width, height, space, channels } = await sharp(bytes).metadata();
    if (space === 'grey16' && channels === 1) throw new Error(GREY_16);
    return { width, height, cmyk: space === 'cmyk', held: (channels * (bits ?? 8)) / 8 + 3, turned: true };
  },
} satisfies Record<PictureFormat, (bytes: Buffer, sharp: typeof Sharp) => Header | Promise<Header>>;

/** The most memory that a picture may take: about that of 111 million pixels of 8 bits. */
export const MOST_MEMORY = 640 * 2 ** 20;
const MOST_PIXELS = Math.floor(MOST_MEMORY / 6);

const inMiB = (bytes: number): number => Math.round(bytes / 2 ** 20);

/**
 * Reads a file and its header. `decode` of the result makes the pixels: the colours of Pillow's `convert('RGB')`, or
 * CMYK, which the caller has to convert.
 *
 * @throws Error where the file is not a picture, or too large
 */
export async function openPicture(file: string): Promise<OpenedPicture> {
  const [{ bytes, format }, sharp] = await Promise.all([readPictureFile(file), (library ??= loadSharp())]);
  const header: Header = await headers[format](bytes, sharp);
  const { width, height, cmyk = false, held } = header;
  const made = cmyk ? 4 : 3;
  const memory = bytes.length + width * height * (made + Math.max(made, held)); // one buffer to decode into, one to resize from
  if (memory > MOST_MEMORY)
    throw new Error(
      `${width} x ${height} pixels, which take ${inMiB(memory)} MiB of memory where ${inMiB(MOST_MEMORY)} are allowed; make it smaller`,
    );
  return { width, height, memory, decode: () => decode(sharp, header.bytes ?? bytes, format, header) };
}

async function decode(sharp: typeof Sharp, bytes: Buffer, format: PictureFormat, header: Header): Promise<Pixels> {
  const { width, height, cmyk = false, turned = false, finish } = header;
  // Pillow decodes what it can of a damaged JPEG; a TIFF's decoder would leave black what it cannot read
  const failOn = format === 'tiff' ? 'error' : 'truncated';
  const opened = sharp(bytes, { ignoreIcc: true, failOn, limitInputPixels: MOST_PIXELS, autoOrient: turned });
  const picture = cmyk
    ? opened.pipelineColourspace('cmyk').toColourspace('cmyk')
    : opened.removeAlpha().toColourspace('srgb');
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== (cmyk ? 4 : 3)) throw new Error(`a picture of ${info.channels} channels`);
  if (finish) return { data: finish(data), width, height, channels: info.channels };
  return { data, width: info.width, height: info.height, channels: info.channels };
}

const known: readonly (readonly [RegExp, string])[] = [
  [/ENOENT/, 'no such file'],
  [/EISDIR/, 'a folder'],
  [/EACCES|EPERM/, 'permission denied'],
  [/unsupported image format|Input [Bb]uffer is empty/, 'not a picture, or of a format that cannot be read'],
  [/pixel limit/, `more than ${MOST_PIXELS} pixels`],
  [/premature end/i, 'truncated'],
];

/** Returns in a few words why a picture could not be made. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, reason] of known) if (pattern.test(message)) return reason;
  return message
    .split('\n')[0]
    .replace(/^((VipsJpeg|vipspng|gifload_buffer|tiff2vips|webp|Input (buffer|file) has corrupt header): *)+/, '')
    .slice(0, 160);
}
