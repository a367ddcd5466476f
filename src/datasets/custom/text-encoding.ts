import { isUtf8 } from 'node:buffer';

export type TextEncoding = 'UTF-8' | 'UTF-16' | 'Windows-1252';

/** A text as UTF-8, with its former encoding. */
export interface DecodedText {
  readonly bytes: Buffer;
  readonly encoding: TextEncoding;
}

/** The characters of the bytes 0x80 to 0x9f in Windows-1252; some versions of Node.js decode them as Latin-1. */
const WINDOWS_C1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * Decodes a text file: UTF-8, UTF-16 with a byte order mark, or else Windows-1252, which spreadsheets write.
 *
 * @returns null where it is no text: it has zero bytes, or half a character
 */
export function decodeText(bytes: Buffer): DecodedText | null {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    if (bytes.length % 2 === 1) return null;
    const little = first === 0xff ? bytes : Buffer.from(bytes).swap16();
    const text = little.toString('utf16le', 2);
    return text.includes('\0') ? null : { bytes: Buffer.from(text), encoding: 'UTF-16' };
  }
  if (bytes.includes(0)) return null;
  if (isUtf8(bytes)) return { bytes, encoding: 'UTF-8' };
  const text = bytes
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (character) => WINDOWS_C1[character.charCodeAt(0) - 0x80]);
  return { bytes: Buffer.from(text), encoding: 'Windows-1252' };
}
