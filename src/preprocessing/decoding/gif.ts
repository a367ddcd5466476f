/** Describes the first frame of a GIF. */
export interface GifFrame {
  /** Size of the canvas. */
  readonly width: number;
  readonly height: number;
  /** Place of the frame on the canvas. */
  readonly left: number;
  readonly top: number;
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** The colour around the frame, RGB. */
  readonly around: Uint8Array;
  /** A GIF of the frame alone, opaque. */
  readonly still: Buffer;
}

const [EXTENSION, IMAGE, END] = [0x21, 0x2c, 0x3b];
const GRAPHIC_CONTROL = 0xf9;
const COLOURS = 256;

const grey = (): Buffer => Buffer.from(Array.from({ length: 3 * COLOURS }, (_, i) => Math.floor(i / 3)));

/** Returns a palette, or undefined if it is the greys in order, which Pillow treats as no palette. */
function paletteAt(bytes: Buffer, at: number, flags: number): Buffer | undefined {
  const palette = bytes.subarray(at, at + paletteBytes(flags));
  return palette.every((value, i) => value === Math.floor(i / 3)) ? undefined : palette;
}

const paletteBytes = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

/** Returns the offset behind sub-blocks. */
function behindBlocks(bytes: Buffer, at: number): number {
  while (at < bytes.length && bytes[at] > 0) at += bytes[at] + 1;
  return at + 1;
}

/**
 * Reads the first frame of a GIF as Pillow does: transparent pixels have their colour in the palette. Around the frame
 * is the transparent colour, or if there is none the palette's first.
 *
 * @throws Error where there is no frame
 */
export function firstFrame(bytes: Buffer): GifFrame {
  const screen = bytes[10];
  let at = 13 + paletteBytes(screen);
  let transparent = 0;
  while (at < bytes.length && bytes[at] !== IMAGE && bytes[at] !== END) {
    if (bytes[at] !== EXTENSION) {
      at++;
      continue;
    }
    if (bytes[at + 1] === GRAPHIC_CONTROL && bytes[at + 3] & 1) transparent = bytes[at + 6];
    at = behindBlocks(bytes, at + 2);
  }
  if (bytes[at] === END) throw new Error('a GIF without a frame');
  if (at + 10 > bytes.length) throw new Error('truncated');
  const [left, top, frameWidth, frameHeight] = [1, 3, 5, 7].map((field) => bytes.readUInt16LE(at + field));
  const flags = bytes[at + 9];
  const given = paletteAt(bytes, at + 10, flags) ?? paletteAt(bytes, 13, screen);
  const palette = grey();
  given?.copy(palette);
  const data = at + 10 + paletteBytes(flags);
  const size = Buffer.from(bytes.subarray(at + 5, at + 9));
  return {
    width: Math.max(bytes.readUInt16LE(6), left + frameWidth),
    height: Math.max(bytes.readUInt16LE(8), top + frameHeight),
    ...{ left, top, frameWidth, frameHeight },
    around: palette.subarray(3 * transparent, 3 * transparent + 3),
    still: Buffer.concat([
      Buffer.from('GIF89a'),
      size,
      Buffer.of(0xf7, 0, 0), // a palette of 256 colours
      palette,
      Buffer.of(IMAGE, 0, 0, 0, 0),
      size,
      Buffer.of(flags & 0x40), // interlaced or not
      bytes.subarray(data, behindBlocks(bytes, data + 1)),
      Buffer.of(END),
    ]),
  };
}

/** Puts a frame's pixels on its canvas, `[height, width, 3] uint8`. */
export function onCanvas(pixels: Uint8Array, frame: GifFrame): Uint8Array {
  const { width, height, left, top, frameWidth, frameHeight, around } = frame;
  if (width === frameWidth && height === frameHeight) return pixels;
  const canvas = Buffer.alloc(3 * width * height, around);
  for (let row = 0; row < frameHeight; row++)
    canvas.set(pixels.subarray(3 * row * frameWidth, 3 * (row + 1) * frameWidth), 3 * ((top + row) * width + left));
  return canvas;
}
