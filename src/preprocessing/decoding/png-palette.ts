import CRC32 from 'crc-32';

const PALETTE = 3; // the colour type of pictures that index a palette

function chunk(kind: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(data.length + 12);
  whole.writeUInt32BE(data.length, 0);
  whole.write(kind, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeInt32BE(CRC32.buf(whole.subarray(4, -4)), whole.length - 4);
  return whole;
}

/**
 * Completes a PNG's palette so that every index has a colour. If it is short or missing, Pillow uses greys, and libpng
 * uses black or fails.
 */
export function withWholePalette(bytes: Buffer): Buffer {
  const [bits, colourType] = [bytes[24], bytes[25]];
  if (colourType !== PALETTE || bits > 8) return bytes;
  const palette = Buffer.from(Array.from({ length: 3 << bits }, (_, i) => Math.floor(i / 3)));
  let at = 8;
  while (at + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const behind = kind === 'PLTE' ? at + 12 + length : at;
    if (kind === 'PLTE' || kind === 'IDAT') {
      if (kind === 'PLTE' && length >= palette.length) return bytes;
      if (kind === 'PLTE') bytes.copy(palette, 0, at + 8, at + 8 + length);
      return Buffer.concat([bytes.subarray(0, at), chunk('PLTE', palette), bytes.subarray(behind)]);
    }
    at += 12 + length;
  }
  return bytes;
}
