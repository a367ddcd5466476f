import { readFile } from 'node:fs/promises';

/** The first bytes of the supported formats. */
const signatures = {
  jpeg: [/^\xff\xd8\xff/],
  png: [/^\x89PNG\r\n\x1a\n/],
  gif: [/^GIF8[79]a/],
  webp: [/^RIFF[^]{4}WEBP/],
  tiff: [/^II[*+]\0/, /^MM\0[*+]/],
} as const;

export type PictureFormat = keyof typeof signatures;

export interface PictureFile {
  readonly bytes: Buffer;
  readonly format: PictureFormat;
}

/**
 * Reads a picture file. Its bytes decide its format, not its name.
 *
 * @throws Error where its format is not supported; SVG is not, since it may refer to other files
 */
export async function readPictureFile(file: string): Promise<PictureFile> {
  const bytes = await readFile(file);
  const head = bytes.toString('latin1', 0, 12);
  for (const [format, patterns] of Object.entries(signatures))
    if (patterns.some((pattern) => pattern.test(head))) return { bytes, format: format as PictureFormat };
  throw new Error('not a picture, or of a format that cannot be read');
}
