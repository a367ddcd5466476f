import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { download } from '../../src/acquisition/download.js';
import { parseManifest } from '../../src/acquisition/manifest.js';
import { unpack } from '../../src/acquisition/unpack.js';
import { verify } from '../../src/acquisition/verify.js';
import { zipOf } from './archives.js';
import { folderOf, refusalOf } from '../datasets/folders.js';
import { send, serve } from './server.js';

const bytes = Buffer.from(Uint32Array.from({ length: 100_000 }, (_, i) => Math.imul(i, 0x9e3779b1)).buffer);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const unknown = { bytes: null, sha256: null };
const quick = { attempts: 3, pause: 0.01, stall: 5 };
const about = { origin: 'here', needed_for: 'tests' };
const built = pathToFileURL(resolve('dist/acquisition/fetch.js')).href;

/** Another process that fetches by a manifest; what it reports. */
async function fetchBeside(manifest: object, root: string): Promise<{ fetched: string[]; failed: string[]; left: [] }> {
  const source = `import { fetchData } from '${built}';
const { manifest, root } = JSON.parse(process.argv[1]);
console.log(JSON.stringify(await fetchData(manifest, root, { pause: 0.01, stall: 60 })));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source, JSON.stringify({ manifest, root })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return JSON.parse(said) as Awaited<ReturnType<typeof fetchBeside>>;
}

for (const [words, contents] of [
  ['whose checksum is known', { bytes: bytes.length, sha256 }],
  ['of which nothing is known', unknown],
] as const)
  test(`three processes fetch at once: each file arrives once and whole; a file ${words}`, async (t) => {
    const members = Array.from({ length: 40 }, (_, i) => ({ name: `set/${i}.jpg`, contents: `${i}`.repeat(500) }));
    const zip = zipOf(members);
    const { url, asked } = await serve(t, (request, response) => {
      const whole = request.url === '/set.zip' ? zip : bytes;
      response.writeHead(200, { etag: '"1"', 'content-length': whole.length });
      response.write(whole.subarray(0, 1000));
      setTimeout(() => response.end(whole.subarray(1000)), 300); // time to meet in
    });
    const manifest = {
      ...parseManifest(readFileSync('data-manifests/cars.yaml', 'utf8'), 'cars.yaml'),
      files: [
        { path: 'a/file.bin', ...contents, url: `${url}/file.bin`, ...about },
        { pattern: 'images/*.jpg', count: members.length, ...about },
      ],
      archives: [
        { url: `${url}/set.zip`, file: 'set.zip', format: 'zip', ...unknown, take: [{ from: 'set/', to: 'images/' }] },
      ],
    };
    const root = folderOf(t);
    const reports = await Promise.all([1, 2, 3].map(() => fetchBeside(manifest, root)));
    for (const { failed, left } of reports) t.deepEqual([failed, left], [[], []]);
    t.deepEqual(reports.flatMap(({ fetched }) => fetched).sort(), ['a/file.bin', 'set.zip: 40 files']);
    t.deepEqual(asked.map(({ path }) => path).sort(), ['/file.bin', '/set.zip']);
    t.deepEqual(readFileSync(join(root, 'a/file.bin')), bytes);
    for (const { name, contents: expected } of members)
      t.is(readFileSync(join(root, name.replace('set/', 'images/')), 'utf8'), expected);
    t.deepEqual(readdirSync(root).sort(), ['a', 'images']);
    t.deepEqual([readdirSync(join(root, 'a')), readdirSync(join(root, 'images')).length], [['file.bin'], 40]);
  });

test('a download goes on where a process that was killed has left its lock', async (t) => {
  const { url, asked } = await serve(t, (request, response) => send(request, response, bytes));
  const root = folderOf(t, {
    'file.part': bytes.subarray(0, 5000),
    'file.part.json': '',
    'file.part.lock': JSON.stringify({ pid: 2 ** 22 + 1, start: '1', host: 'gone' }),
  });
  const lock = join(root, 'file.part.lock');
  const { thisProcess } = await import('../../src/locks/index.js');
  writeFileSync(lock, JSON.stringify({ ...thisProcess(), pid: 2 ** 22 + 1 })); // greater than any process id
  writeFileSync(join(root, 'file.part.json'), JSON.stringify({ url, version: '"1"' }));
  t.true(await download(url, join(root, 'file'), unknown, quick));
  t.is(asked[0].range, 'bytes=5000-');
  t.deepEqual(readFileSync(join(root, 'file')), bytes);
  t.deepEqual(readdirSync(root), ['file']);
});

test('downloads at once in one process: one downloads, the others find the file', async (t) => {
  const { url, asked } = await serve(t, (request, response) => send(request, response, bytes));
  const file = join(folderOf(t), 'file');
  const holders: string[] = [];
  const all = await Promise.all([1, 2, 3].map(() => download(url, file, unknown, { ...quick, onWait: (by) => holders.push(by) }))); // prettier-ignore
  t.deepEqual(all.sort(), [false, false, true]);
  t.is(asked.length, 1);
  t.is(holders.length, 2);
  t.regex(holders[0], new RegExp(`^process ${process.pid} on `));
});

test('an archive is unpacked twice at once without harm', async (t) => {
  const members = Array.from({ length: 20 }, (_, i) => ({ name: `${i}.bin`, contents: bytes.subarray(0, 1000 + i) }));
  const root = folderOf(t, { 'a.zip': zipOf(members) });
  const archive = { format: 'zip' as const, take: [{ from: '', to: 'out/' }] };
  await Promise.all([1, 2, 3].map(() => unpack(join(root, 'a.zip'), archive, root)));
  t.deepEqual(readdirSync(join(root, 'out')).sort(), members.map(({ name }) => name).sort());
  for (const { name, contents } of members) t.deepEqual(readFileSync(join(root, 'out', name)), contents);
});

test('what is no file of its format is refused where no checksum would tell, and found by verify', async (t) => {
  const wrong: readonly [name: string, contents: string | Buffer, detail: string][] = [
    ['labels.txt', '', 'it is empty'],
    ['labels.csv', '<!DOCTYPE html><html>sign in</html>', 'it is a web page'],
    ['catalog.hdf5', 'half of it', 'it is no HDF5 file'],
    ['annos.mat', Buffer.alloc(200), 'it is no MAT file'],
    ['all.npz', Buffer.alloc(0), 'it is empty'],
    ['set.zip', '%PDF', 'it is no zip file'],
  ];
  for (const [name, contents, detail] of wrong) {
    const { url } = await serve(t, (request, response) => send(request, response, Buffer.from(contents)));
    const root = folderOf(t);
    const message = await refusalOf(t, download(`${url}/x`, join(root, name), unknown, quick));
    t.regex(message, new RegExp(`^unreadable of ${url}/x: ${detail}; the download is removed, get ${name} by hand$`)); // prettier-ignore
    t.deepEqual(readdirSync(root), []);
    writeFileSync(join(root, name), contents);
    const manifest = { ...parseManifest(readFileSync('data-manifests/cars.yaml', 'utf8'), ''), files: [{ path: name, ...unknown, ...about }] }; // prettier-ignore
    const [check] = await verify(manifest, root, { checksums: false });
    t.deepEqual([check.status, check.detail, check.problem], ['unreadable', detail, true]);
  }
});

test('an answer without a length and without an end is refused where nothing would tell that it is whole', async (t) => {
  const server = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nhalf of it'));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
  const file = join(folderOf(t), 'file');
  const message = await refusalOf(t, download(url, file, unknown, quick));
  t.is(message, `cannot download ${url}: the server does not say how long the file is; get it by hand`);
  t.false(existsSync(file));
});
