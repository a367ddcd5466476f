import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import sharp from 'sharp';
import { decodeNpy } from '../../src/formats/npy.js';
import { openPicture } from '../../src/preprocessing/decoding/decode.js';
import { bytesOf, loadAll } from './helpers.js';

interface PictureCase {
  readonly name: string;
  /** base64 */
  readonly file: string;
  readonly size?: readonly [number, number];
  /** Of Pillow's RGB pixels. */
  readonly sha256?: string;
  readonly refused?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-formats-'));
test.after.always(() => {
  rmSync(folder, { recursive: true });
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const preprocessing = { name: 'SmallImagePreprocessing', image_size: 20, on_bad_image: 'skip' } as const;

/** Each file's pixels by its name, or why there are none: one line. */
async function read(t: ExecutionContext, names: readonly string[]): Promise<Map<string, string>> {
  const pictures = names.map((name) => ({ file: join(folder, name) }));
  const [batch] = await loadAll({ preprocessing, workers: 2 }, [{ pictures, names }]);
  const reasons = new Map(batch.bad.map(({ index, reason }) => [names[index], reason]));
  for (const reason of reasons.values()) t.regex(reason, /^[^\n]{4,}$/);
  return new Map(
    names.map((name, i) => [
      name,
      reasons.get(name) ??
        sha256(bytesOf({ ...batch, data: batch.data.subarray(1200 * i, 1200 * (i + 1)) }, preprocessing)),
    ]),
  );
}

/** What is refused here, with the reason, though Pillow reads it. */
const refusedHere: Record<string, RegExp> = {
  'grey-16.tif': /^16-bit grey/,
  'premultiplied-16.tif': /premultiplied alpha/,
  'lab-saved.tif': /CIELAB/,
  'lab-lzw.tif': /CIELAB/,
  'ycbcr-lzw.tif': /YCbCr/,
  'rgb-lzma.tif': /LZMA compression/,
  'rgb-zstd.tif': /ZSTD compression/,
};
/** What is read here though Pillow refuses it. */
const readHere = ['grey-alpha-unspecified.tif', 'grey-alpha-associated.tif'];

for (const [table, count] of [
  ['gif', 43],
  ['png', 56],
  ['layered', 87],
] as const)
  test(`${table} pictures are what Pillow makes of them, or refused`, async (t) => {
    const content = readFileSync(`test/preprocessing/${table}-pictures.json`, 'utf8');
    const { cases } = JSON.parse(content) as { cases: PictureCase[] };
    t.is(cases.length, count);
    for (const { name, file } of cases) writeFileSync(join(folder, name), Buffer.from(file, 'base64'));
    const square = cases.filter(({ size }) => size === undefined || size.every((side) => side === 20));
    const got = await read(
      t,
      square.map(({ name }) => name),
    );
    for (const { name, sha256: wanted, refused } of square) {
      if (name in refusedHere) t.regex(got.get(name)!, refusedHere[name], name);
      else if (refused === undefined) t.is(got.get(name), wanted, name);
      else if (!readHere.includes(name)) t.notRegex(got.get(name)!, /^[0-9a-f]{64}$/, name);
    }
    for (const { name, size, sha256: wanted } of cases.filter((one) => !square.includes(one))) {
      const { data, width, height } = await (await openPicture(join(folder, name))).decode();
      t.deepEqual([width, height], [...size!], name);
      t.is(sha256(data), wanted!, name);
    }
  });

test('GIFs with transparent pixels, or a frame smaller than the canvas, have the values that Pillow stored', async (t) => {
  for (const name of ['plain', 'transparent', 'offset']) {
    const file = `test/preprocessing/gif/${name}.jpg`;
    const { data, width, height } = await (await openPicture(file)).decode();
    const wanted = decodeNpy(readFileSync(`${file}.npy`), file);
    t.deepEqual(wanted.shape, [height, width, 3]);
    t.deepEqual(Buffer.from(data), Buffer.from(wanted.data as Uint8Array), name);
  }
});

test('what is no picture of pixels is refused under any name, and nothing that it asks for is opened', async (t) => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="9" height="9"/></svg>';
  const raw = { raw: { width: 20, height: 20, channels: 3 } } as const;
  const avif = await sharp(Buffer.alloc(1200, 90), raw).avif({ quality: 40 }).toBuffer();
  const files: Record<string, Buffer> = {
    'svg.jpg': Buffer.from(svg),
    'svg-with-head.png': Buffer.from(`<?xml version="1.0"?>\n<!-- a picture -->\n${svg}`),
    'svg-after-blanks.jpg': Buffer.from(`\n\n  ${svg}`),
    'svgz.jpg': gzipSync(svg),
    'pdf.jpg': Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\n'),
    'avif.jpg': avif,
    'bmp.jpg': Buffer.concat([Buffer.from('BM'), Buffer.alloc(200)]),
    'html.jpg': Buffer.from('<!DOCTYPE html><html><body>404</body></html>'),
    'jpeg-of-two-bytes.jpg': Buffer.of(0xff, 0xd8),
    'nothing.gif': Buffer.alloc(0),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  for (const [name, reason] of await read(t, Object.keys(files)))
    t.is(reason, 'not a picture, or of a format that cannot be read', name);
});
