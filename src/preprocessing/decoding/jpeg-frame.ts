/** The frame header of a JPEG. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  /** Four are inks. */
  readonly components: number;
  readonly progressive: boolean;
}

/** Tables and extensions among the markers of frames. */
const noFrames = [0xc4, 0xc8, 0xcc];
/** Markers that nothing follows. */
const isAlone = (marker: number): boolean => marker <= 1 || (marker >= 0xd0 && marker <= 0xd8) || marker === 0xff;

/** Finds a JPEG's frame header, as decoders do: past bytes between segments. Without one, zeros: the decoder will say so. */
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
