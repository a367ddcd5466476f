/** Holds the frame header of a JPEG. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  /** The number of components; four are inks. */
  readonly components: number;
  readonly progressive: boolean;
}

/** Markers within the range of frame markers that are tables or extensions. */
const noFrames = [0xc4, 0xc8, 0xcc];
/** Tells whether a marker has no segment behind it. */
const isAlone = (marker: number): boolean => marker <= 1 || (marker >= 0xd0 && marker <= 0xd8) || marker === 0xff;

/** Finds a JPEG's frame header, skipping bytes between segments as decoders do; zeros if none: decoding then fails. */
export function jpegFrame(bytes: Buffer): JpegFrame {
  let at = 2;
  while (at + 9 < bytes.length) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || isAlone(marker)) at++;
    else if (marker >= 0xc0 && marker <= 0xcf && !noFrames.includes(marker))
      return {
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
        components: bytes[at + 9],
        progressive: (marker & 3) === 2,
      };
    else at += 2 + bytes.readUInt16BE(at + 2);
  }
  return { width: 0, height: 0, components: 0, progressive: false };
}
