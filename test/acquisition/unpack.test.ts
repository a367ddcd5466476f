import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { unpack } from '../../src/acquisition/unpack.js';
import { pythonHas } from '../random/python.js';
import { tarOf, zipOf, type Member } from './archives.js';
import { folderOf, refusalOf } from '../datasets/folders.js';

const everything = [{ from: '', to: '' }];
const formats = {
  zip: zipOf,
  tar: tarOf,
  'tar.gz': (members: readonly Member[]) => gzipSync(tarOf(members)),
} as const;
type Format = keyof typeof formats;

function archiveOf(t: ExecutionContext, bytes: Uint8Array): string {
  return join(folderOf(t, { archive: bytes }), 'archive');
}

const list = (root: string) =>
  (readdirSync(root, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

for (const format of Object.keys(formats) as Format[]) {
  test(`${format}: what is taken is unpacked and renamed, files that are there stay`, async (t) => {
    const long = 'x'.repeat(100_000);
    const bytes = formats[format]([
      { name: 'set/' },
      { name: './set/images/a.jpg', contents: 'A' },
      { name: 'set/images/b/c.jpg', contents: long },
      { name: 'set/empty', contents: '' },
      { name: 'set/there', contents: 'new' },
      { name: 'set/stored', contents: long, stored: true },
      { name: 'other/readme', contents: 'no' },
      { name: 'single.mat', contents: 'M' },
    ]);
    const root = folderOf(t, { there: 'old' });
    const seen: number[] = [];
    const result = await unpack(
      archiveOf(t, bytes),
      {
        format,
        take: [
          { from: 'set/', to: '' },
          { from: 'single.mat', to: 'deep/renamed.mat' },
        ],
      },
      root,
      { onProgress: (files) => seen.push(files) },
    );
    t.deepEqual(result, { unpacked: 5, there: 1 });
    t.deepEqual(seen, [1, 2, 3, 4, 5]);
    t.deepEqual(list(root), ['deep/renamed.mat', 'empty', 'images/a.jpg', 'images/b/c.jpg', 'stored', 'there']);
    t.is(readFileSync(join(root, 'images/b/c.jpg'), 'utf8'), long);
    t.is(readFileSync(join(root, 'stored'), 'utf8'), long);
    t.is(readFileSync(join(root, 'there'), 'utf8'), 'old');
  });

  for (const name of ['../escaped', 'a/../../escaped', '/escaped', 'C:/escaped', 'a\\..\\..\\escaped', 'a/..'])
    test(`${format}: the name ${name} is refused, and nothing is written outside`, async (t) => {
      const outer = folderOf(t, { 'root/kept': '' });
      const bytes = formats[format]([{ name, contents: 'x' }]);
      const message = await refusalOf(
        t,
        unpack(archiveOf(t, bytes), { format, take: everything }, join(outer, 'root')),
      );
      t.regex(message, /the name .* leads out of the folder; do not use this archive$/);
      t.deepEqual(list(outer), ['root/kept']);
    });

  test(`${format}: links are never made`, async (t) => {
    const root = folderOf(t);
    const bytes = formats[format]([
      { name: 'link', contents: format === 'zip' ? '/etc' : '', mode: 0o120777, kind: '2' },
      { name: 'file', contents: 'x' },
    ]);
    await unpack(archiveOf(t, bytes), { format, take: everything }, root);
    t.deepEqual(list(root), ['file']);
  });

  test(`${format}: an archive of something else is refused`, async (t) => {
    const bytes = formats[format]([{ name: 'x', contents: 'x' }]);
    const act = unpack(archiveOf(t, bytes), { format, take: [{ from: 'set/', to: '' }] }, folderOf(t));
    t.regex(await refusalOf(t, act), /it holds none of set\/; remove it and fetch again$/);
  });

  test(`${format}: cut short anywhere, it is refused and no part of a file is left`, async (t) => {
    const noise = Buffer.from(Uint32Array.from({ length: 700 }, (_, i) => Math.imul(i + 1, 0x9e3779b1)).buffer);
    const bytes = formats[format]([
      { name: 'a', contents: noise },
      { name: 'b', contents: noise },
    ]);
    // The two blocks of zeros at a tar's end may be missing.
    const end = format === 'tar' ? bytes.length - 1024 : bytes.length;
    for (let length = 0; length < end; length += 97) {
      const root = folderOf(t);
      const file = archiveOf(t, bytes.subarray(0, length));
      let refused = false;
      await unpack(file, { format, take: everything }, root).catch((error: unknown) => {
        refused = true;
        t.regex((error as Error).message, /^invalid .*; remove it and fetch again$/);
      });
      for (const name of list(root)) t.deepEqual(readFileSync(join(root, name)), noise);
      t.true(refused || (format !== 'zip' && length % 512 === 0 && list(root).length < 2), `cut at ${length}`);
    }
  });

  test(`${format}: rubbish is refused`, async (t) => {
    const rubbish = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);
    const act = unpack(archiveOf(t, rubbish), { format, take: everything }, folderOf(t));
    t.regex(await refusalOf(t, act), /^invalid .*; remove it and fetch again$/);
  });
}

const hostile: [name: string, member: Member, message: RegExp][] = [
  ['a wrong checksum', { name: 'a', contents: 'abc', crc: 1 }, /a is damaged/],
  ['more than it claims', { name: 'a', contents: 'x'.repeat(1e6), size: 10 }, /a is damaged/],
  ['less than it claims', { name: 'a', contents: 'x', size: 10 }, /a is damaged/],
  ['encryption', { name: 'a', contents: 'x', flags: 1 }, /a is encrypted: unpack it by hand/],
];
for (const [name, member, message] of hostile)
  test(`zip: ${name} is refused, nothing is left`, async (t) => {
    const root = folderOf(t);
    const act = unpack(archiveOf(t, zipOf([member])), { format: 'zip', take: everything }, root);
    t.regex(await refusalOf(t, act), message);
    t.deepEqual(list(root), []);
  });

test('tar: a size that is none is refused', async (t) => {
  const bytes = tarOf([{ name: 'a', contents: 'abc' }]);
  const act = unpack(archiveOf(t, bytes.fill('9', 124, 135)), { format: 'tar', take: everything }, folderOf(t));
  t.regex(await refusalOf(t, act), /not a tar archive, or damaged/);
});

const tarCases: Readonly<Record<string, readonly Member[]>> = {
  'a folder and a link have no content, whatever their size says': [
    { name: 'folder/', kind: '5', size: 700 },
    { name: 'link', kind: '1', size: 600 },
    { name: 'a', contents: 'A' },
  ],
  "a size of POSIX's records goes before that of the header": [
    { name: 'records', kind: 'x', contents: '10 size=3\n20 mtime=1234567890\n' },
    { name: 'a', contents: 'abc', size: 0 },
    { name: 'b', contents: 'B' },
  ],
};
for (const [name, members] of Object.entries(tarCases))
  (pythonHas('tarfile') ? test : test.skip)(
    `tar: ${name}, as to Python's tarfile (skipped without python3)`,
    async (t) => {
      const archive = archiveOf(t, tarOf(members));
      const program = `
import json, sys, tarfile
tar = tarfile.open(sys.argv[1])
print(json.dumps({m.name: tar.extractfile(m).read().decode() for m in tar if m.isreg()}))
`;
      const expected = JSON.parse(
        execFileSync('/usr/bin/python3', ['-c', program, archive], { encoding: 'utf8' }),
      ) as object;
      const root = folderOf(t);
      await unpack(archive, { format: 'tar', take: everything }, root);
      t.deepEqual(
        Object.fromEntries(list(root).map((file) => [file, readFileSync(join(root, file), 'utf8')])),
        expected,
      );
      t.true(Object.keys(expected).includes('a'));
    },
  );

test('tar: a sparse file is refused where it is taken, and only there', async (t) => {
  const posix = { name: 'records', kind: 'x', contents: '22 GNU.sparse.major=1\n' };
  for (const sparse of [[posix, { name: 's/a', contents: 'map' }], [{ name: 's/a', kind: 'S', contents: 'map' }]]) {
    const archive = archiveOf(t, tarOf([...sparse, { name: 'b/b', contents: 'B' }]));
    const root = folderOf(t);
    const act = unpack(archive, { format: 'tar', take: everything }, root);
    t.regex(await refusalOf(t, act), /s\/a is a sparse file: unpack it by hand/);
    t.deepEqual(list(root), []);
    await unpack(archive, { format: 'tar', take: [{ from: 'b/', to: '' }] }, root);
    t.deepEqual(list(root), ['b']);
  }
});

test('tar: nothing behind its end is read, be it a second archive or rubbish', async (t) => {
  for (const behind of [tarOf([{ name: 'hidden', contents: 'x' }]), Buffer.alloc(1000, 'rubbish')]) {
    const root = folderOf(t);
    const bytes = Buffer.concat([tarOf([{ name: 'a', contents: 'A' }]), behind]);
    await unpack(archiveOf(t, bytes), { format: 'tar', take: everything }, root);
    t.deepEqual(list(root), ['a']);
  }
});

const longName = `${'folder/'.repeat(30)}${'n'.repeat(120)}ä.jpg`;
(pythonHas('zipfile', 'tarfile') ? test : test.skip)(
  "archives of Python's zipfile and tarfile, with long names and 64-bit sizes (skipped without python3)",
  async (t) => {
    const folder = folderOf(t);
    const program = `
import io, sys, tarfile, zipfile
folder, name = sys.argv[1:]
data = b"contents " * 1000
with zipfile.ZipFile(folder + "/a.zip", "w", zipfile.ZIP_DEFLATED) as z:
    with z.open(zipfile.ZipInfo(name), "w", force_zip64=True) as f: f.write(data)
# Written to what cannot seek: sizes come after the contents, as in archives made while they are sent.
class Pipe(io.RawIOBase):
    def __init__(self): self.bytes = bytearray()
    def writable(self): return True
    def write(self, b): self.bytes += b; return len(b)
pipe = Pipe()
with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as z: z.writestr(name, data)
open(folder + "/b.zip", "wb").write(pipe.bytes)
for letter, form in (("c", tarfile.GNU_FORMAT), ("d", tarfile.PAX_FORMAT)):
    with tarfile.open(folder + "/" + letter + ".tgz", "w:gz", format=form) as tar:
        info = tarfile.TarInfo(name); info.size = len(data); tar.addfile(info, io.BytesIO(data))
`;
    execFileSync('/usr/bin/python3', ['-c', program, folder, longName]);
    for (const file of ['a.zip', 'b.zip', 'c.tgz', 'd.tgz']) {
      const root = folderOf(t);
      const format = file.endsWith('zip') ? 'zip' : 'tar.gz';
      await unpack(join(folder, file), { format, take: everything }, root);
      t.is(readFileSync(join(root, longName), 'utf8'), 'contents '.repeat(1000), file);
    }
  },
);

test('an interrupted unpacking goes on: parts of files are not taken for files', async (t) => {
  const root = folderOf(t, { 'a.part': 'half' });
  writeFileSync(join(root, 'b'), 'B');
  const bytes = zipOf([
    { name: 'a', contents: 'A' },
    { name: 'b', contents: 'new' },
  ]);
  const result = await unpack(archiveOf(t, bytes), { format: 'zip', take: everything }, root);
  t.deepEqual(result, { unpacked: 1, there: 1 });
  t.is(readFileSync(join(root, 'a'), 'utf8'), 'A');
  t.false(existsSync(join(root, 'a.part')));
});

for (const format of Object.keys(formats) as Format[]) {
  const refuse = async (t: ExecutionContext, names: readonly string[], take = everything, there = {}) => {
    const outer = folderOf(t, { 'root/kept': 'kept', ...there });
    const bytes = formats[format](names.map((name) => ({ name, contents: name })));
    const message = await refusalOf(t, unpack(archiveOf(t, bytes), { format, take }, join(outer, 'root')));
    t.is(readFileSync(join(outer, 'root/kept'), 'utf8'), 'kept');
    return { message, files: list(outer).filter((name) => name !== 'root/kept') };
  };

  test(`${format}: a file and a folder of one name are refused in one line`, async (t) => {
    const above = await refuse(t, ['d/a', 'd/a/below', 'd/last']);
    t.regex(above.message, /^cannot unpack d\/a\/below of .*: a file is where its folder should be; move what is at /);
    t.deepEqual(above.files, ['root/d/a']);
    const below = await refuse(t, ['d/a/below', 'd//a']);
    t.regex(below.message, /^cannot unpack d\/\/a of .*: a folder has its name; move what is at /);
    t.deepEqual(below.files, ['root/d/a/below']);
    const mine = await refuse(t, ['set/a/b'], [{ from: 'set/', to: '' }], { 'root/a': 'mine' });
    t.regex(mine.message, /a file is where its folder should be; move what is at .*root\/a\/b, or unpack by hand$/);
    t.deepEqual(mine.files, ['root/a']);
    const part = await refuse(t, ['b'], everything, { 'root/b.part/x': 'mine' });
    t.regex(part.message, /a folder has its name/);
    t.deepEqual(part.files, ['root/b.part/x']);
  });

  test(`${format}: a file without a name is refused, and nothing is written beside the folder`, async (t) => {
    for (const name of ['.', './.', ...(format === 'zip' ? [''] : [])]) {
      const { message, files } = await refuse(t, [name]);
      t.regex(message, /a file in it has the name .*, which is no name for a file; remove it and fetch again$/);
      t.deepEqual(files, []);
    }
  });

  test(`${format}: a name too long for the disk is refused in one line`, async (t) => {
    if (format !== 'zip') return void t.pass('a header of tar holds a hundred characters');
    const { message, files } = await refuse(t, ['n'.repeat(300)]);
    t.regex(message, /^cannot unpack n+ of .*: its name is too long for this disk; /);
    t.deepEqual(files, []);
  });
}

test('zip: an archive behind other bytes is unpacked', async (t) => {
  const root = folderOf(t);
  const bytes = Buffer.concat([Buffer.from('#!/bin/sh\n'), zipOf([{ name: 'a', contents: 'A' }])]);
  await unpack(archiveOf(t, bytes), { format: 'zip', take: everything }, root);
  t.is(readFileSync(join(root, 'a'), 'utf8'), 'A');
});
