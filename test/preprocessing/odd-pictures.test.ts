import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { bytesOf, loadAll } from './helpers.js';

interface OddPicture {
  readonly name: string;
  /** base64 */
  readonly file: string;
  /** Of Pillow's RGB pixels. */
  readonly sha256?: string;
  readonly refused?: string;
}

const { cases } = JSON.parse(readFileSync('test/preprocessing/odd-pictures.json', 'utf8')) as { cases: OddPicture[] };
const folder = mkdtempSync(join(tmpdir(), 'tripletlab-pictures-'));
test.after.always(() => {
  rmSync(folder, { recursive: true });
});

// what Pillow does with these is no use to anyone
const refusedHere: Record<string, RegExp> = { 'grey-16.png': /16-bit grey/ };

const reasons: Record<string, RegExp> = {
  'truncated.jpg': /^truncated$/,
  'without-end.jpg': /^truncated$/,
  'truncated-progressive.jpg': /^truncated$/,
  'truncated.png': /read error/,
  'text.jpg': /^not a picture/,
  'empty.jpg': /^not a picture/,
};

test('pictures of every kind are what Pillow makes of them, or refused where it refuses', async (t) => {
  const preprocessing = { name: 'SmallImagePreprocessing', image_size: 20, on_bad_image: 'skip' } as const;
  const pictures = cases.map(({ name, file }) => {
    const path = join(folder, name);
    writeFileSync(path, Buffer.from(file, 'base64'));
    return { file: path };
  });
  const [batch] = await loadAll({ preprocessing, workers: 2 }, [{ pictures, names: cases.map(({ name }) => name) }]);
  const bad = new Map(batch.bad.map(({ index, reason }) => [index, reason]));
  const rows = cases.map((_, i) => batch.data.subarray(1200 * i, 1200 * (i + 1)));
  cases.forEach(({ name, sha256, refused }, i) => {
    if (refused !== undefined || name in refusedHere) {
      const reason = bad.get(i) ?? 'read';
      t.regex(reason, refusedHere[name] ?? reasons[name] ?? /./, name);
      t.not(reason, 'read', name);
      t.false(reason.includes('\n'), name);
      t.true(rows[i].every((value) => value === 0));
    } else {
      t.is(bad.get(i), undefined, name);
      if (bad.has(i)) return;
      const bytes = bytesOf({ ...batch, data: rows[i] }, preprocessing);
      t.is(createHash('sha256').update(bytes).digest('hex'), sha256!, name);
    }
  });
  t.is(cases.length, 43);
});
