import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { download } from '../../src/acquisition/download.js';
import { folderOf, refusalOf } from '../datasets/folders.js';
import { send, serve } from './server.js';

const bytes = Buffer.from(Uint32Array.from({ length: 50_000 }, (_, i) => Math.imul(i, 0x9e3779b1)).buffer);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const known = { bytes: bytes.length, sha256 };
const unknown = { bytes: null, sha256: null };
const quick = { pause: 0.01, stall: 5 };

test('a file arrives whole, with progress, and nothing else is left', async (t) => {
  const { url } = await serve(t, (request, response) => send(request, response, bytes));
  for (const expected of [known, unknown]) {
    const root = folderOf(t);
    const seen: number[] = [];
    const onProgress = (received: number, total: number | null) => {
      seen.push(received);
      t.is(total, bytes.length);
    };
    await download(`${url}/file`, join(root, 'a/b/file'), expected, { ...quick, onProgress });
    t.deepEqual(readFileSync(join(root, 'a/b/file')), bytes);
    t.deepEqual(readdirSync(join(root, 'a/b')), ['file']);
    t.is(seen.at(-1), bytes.length);
  }
});

test('an empty file', async (t) => {
  const { url } = await serve(t, (request, response) => send(request, response, Buffer.alloc(0)));
  for (const expected of [{ bytes: 0, sha256: null }, unknown]) {
    const file = join(folderOf(t), 'file');
    await download(url, file, expected, quick);
    t.is(readFileSync(file).length, 0);
  }
});

test('broken connections are made again and go on where they were', async (t) => {
  let count = 0;
  const { url, asked } = await serve(t, (request, response) => {
    if (++count > 3) {
      send(request, response, bytes);
      return;
    }
    const start = Number(/\d+/.exec(request.headers.range ?? '0')![0]);
    const head = { etag: '"1"', 'content-length': bytes.length - start };
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start ? 206 : 200, start ? { ...head, ...range } : head);
    response.write(bytes.subarray(start, start + 30_000), () => setTimeout(() => response.destroy(), 50));
  });
  const file = join(folderOf(t), 'file');
  await download(url, file, known, quick);
  t.deepEqual(readFileSync(file), bytes);
  t.deepEqual(
    asked.map(({ range }) => range),
    [undefined, 'bytes=30000-', 'bytes=60000-', 'bytes=90000-'],
  );
});

test('another process goes on after the attempts of one are used up', async (t) => {
  let broken = true;
  const { url, asked } = await serve(t, (request, response) => {
    if (!broken) send(request, response, bytes);
    else {
      response.writeHead(200, { etag: '"1"', 'content-length': bytes.length });
      response.write(bytes.subarray(0, 12_345), () => setTimeout(() => response.destroy(), 50));
    }
  });
  const file = join(folderOf(t), 'file');
  const message = await refusalOf(t, download(url, file, known, { ...quick, attempts: 1 }));
  t.regex(message, /^cannot download http.*; run the same command again, it goes on from byte 12345$/);
  t.false(existsSync(file));
  broken = false;
  await download(url, file, known, quick);
  t.deepEqual(readFileSync(file), bytes);
  t.is(asked.at(-1)!.range, 'bytes=12345-');
});

test('a server that ignores Range is read from the beginning', async (t) => {
  const { url, asked } = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  });
  const root = folderOf(t, {
    'file.part': bytes.subarray(0, 1000),
    'file.part.json': JSON.stringify({ url: '', version: '"1"' }),
  });
  const file = join(root, 'file');
  writeFileSync(`${file}.part.json`, JSON.stringify({ url, version: '"1"' }));
  await download(url, file, known, quick);
  t.is(asked[0].range, 'bytes=1000-');
  t.deepEqual(readFileSync(file), bytes);
});

test('a version that has changed in between is read from the beginning', async (t) => {
  const { url } = await serve(t, (request, response) => send(request, response, bytes, '"2"'));
  const root = folderOf(t, { 'file.part': Buffer.alloc(5000, 1) });
  writeFileSync(join(root, 'file.part.json'), JSON.stringify({ url, version: '"1"' }));
  await download(url, join(root, 'file'), unknown, quick);
  t.deepEqual(readFileSync(join(root, 'file')), bytes);
});

test('a part of unknown version is not gone on with where no checksum would tell', async (t) => {
  const { url, asked } = await serve(t, (request, response) => send(request, response, bytes));
  const root = folderOf(t, { 'file.part': Buffer.alloc(5000, 1) });
  writeFileSync(join(root, 'file.part.json'), JSON.stringify({ url, version: null }));
  await download(url, join(root, 'file'), unknown, quick);
  t.is(asked[0].range, undefined);
  t.deepEqual(readFileSync(join(root, 'file')), bytes);
});

test('a part of another address, or without its note, is thrown away', async (t) => {
  const { url, asked } = await serve(t, (request, response) => send(request, response, bytes));
  for (const note of ['{"url":"http://elsewhere","version":null}', 'rubbish', '[]', null]) {
    const root = folderOf(t, { 'file.part': 'other', ...(note === null ? {} : { 'file.part.json': note }) });
    await download(url, join(root, 'file'), known, quick);
    t.deepEqual(readFileSync(join(root, 'file')), bytes);
  }
  t.true(asked.every(({ range }) => range === undefined));
});

test('a part that is already whole is only checked', async (t) => {
  const { url, asked } = await serve(t, (request, response) => send(request, response, bytes));
  for (const expected of [known, { bytes: null, sha256 }]) {
    const root = folderOf(t, { 'file.part': bytes });
    writeFileSync(join(root, 'file.part.json'), JSON.stringify({ url, version: '"1"' }));
    await download(url, join(root, 'file'), expected, quick);
    t.deepEqual(readFileSync(join(root, 'file')), bytes);
  }
  t.deepEqual(
    asked.map(({ range }) => range),
    [`bytes=${bytes.length}-`],
  );
});

test('a part that is too long is thrown away', async (t) => {
  const { url } = await serve(t, (request, response) => send(request, response, bytes));
  for (const expected of [known, { bytes: null, sha256 }]) {
    const root = folderOf(t, { 'file.part': Buffer.concat([bytes, bytes]) });
    writeFileSync(join(root, 'file.part.json'), JSON.stringify({ url, version: '"1"' }));
    await download(url, join(root, 'file'), expected, quick);
    t.deepEqual(readFileSync(join(root, 'file')), bytes);
  }
});

test('a wrong checksum: nothing is kept, and both are named', async (t) => {
  const { url } = await serve(t, (request, response) => send(request, response, Buffer.alloc(bytes.length)));
  const root = folderOf(t);
  const message = await refusalOf(t, download(`${url}/file`, join(root, 'file'), known, quick));
  t.regex(message, new RegExp(`^wrong checksum of ${url}/file: sha256 [0-9a-f]{64} instead of ${sha256}; .* by hand$`));
  t.deepEqual(readdirSync(root), []);
});

test('a wrong size is noticed before anything is received', async (t) => {
  const { url } = await serve(t, (request, response) => send(request, response, bytes.subarray(1)));
  const root = folderOf(t);
  const message = await refusalOf(t, download(url, join(root, 'file'), known, quick));
  t.is(
    message,
    `wrong size of ${url}: 199999 bytes instead of 200000; the publisher has changed the file, get it by hand`,
  );
  t.false(existsSync(join(root, 'file')));
});

test('a server that sends without end is cut off at the known size', async (t) => {
  const { url } = await serve(t, (_, response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65536)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  const root = folderOf(t);
  t.regex(
    await refusalOf(t, download(url, join(root, 'file'), known, quick)),
    /more than 200000 bytes; the download is removed, get the file by hand$/,
  );
  t.false(existsSync(join(root, 'file')));
});

test('an answer that ends too early, without saying how long it is, is not taken for whole', async (t) => {
  let count = 0;
  const { url } = await serve(t, (request, response) => {
    if (++count > 1) send(request, response, bytes);
    else response.writeHead(200, { etag: '"1"' }).end(bytes.subarray(0, 777));
  });
  const file = join(folderOf(t), 'file');
  await download(url, file, known, quick);
  t.deepEqual(readFileSync(file), bytes);
  t.is(count, 2);
});

test('another part than was asked for is not mixed in', async (t) => {
  let count = 0;
  const { url } = await serve(t, (request, response) => {
    if (++count > 1) send(request, response, bytes);
    else {
      const part = bytes.subarray(10);
      response.writeHead(206, { 'content-range': `bytes 10-${bytes.length - 1}/${bytes.length}` }).end(part);
    }
  });
  const root = folderOf(t, { 'file.part': bytes.subarray(0, 1000) });
  writeFileSync(join(root, 'file.part.json'), JSON.stringify({ url, version: '"1"' }));
  await download(url, join(root, 'file'), known, quick);
  t.deepEqual(readFileSync(join(root, 'file')), bytes);
});

test('refusals of the server: one line, no second attempt; its own faults are waited for', async (t) => {
  let status = 404;
  const { url, asked } = await serve(t, (_, response) => response.writeHead(status).end('no'));
  const file = join(folderOf(t), 'file');
  t.is(
    await refusalOf(t, download(url, file, known, quick)),
    `cannot download ${url}: the server answered 404; get it by hand`,
  );
  t.is(asked.length, 1);
  status = 503;
  const message = await refusalOf(t, download(url, file, known, { ...quick, attempts: 3 }));
  t.regex(message, /the server answered 503; run the same command again, it goes on from byte 0$/);
  t.is(asked.length, 4);
});

test('a web page instead of a file is refused', async (t) => {
  const { url } = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<p>Please log in</p>');
  });
  const root = folderOf(t);
  const message = await refusalOf(t, download(url, join(root, 'file'), unknown, quick));
  t.regex(message, /the server sent a web page instead; get it by hand$/);
  t.deepEqual(readdirSync(root), []);
});

test('silence and a server that is not there: one line after the attempts', async (t) => {
  const { url } = await serve(t, () => undefined);
  const file = join(folderOf(t), 'file');
  const silent = download(url, file, known, { attempts: 2, pause: 0.01, stall: 0.1 });
  t.regex(await refusalOf(t, silent), /the server sent nothing for 0\.1 s; run the same command again/);
  const closed = download('http://127.0.0.1:1', file, known, { attempts: 2, pause: 0.01 });
  t.regex(await refusalOf(t, closed), /^cannot download http:\/\/127\.0\.0\.1:1: .*; run the same command again/);
});

test('a file that is there is never touched', async (t) => {
  const { url, asked } = await serve(t, (request, response) => send(request, response, bytes));
  const root = folderOf(t, { file: 'mine' });
  const message = await refusalOf(t, download(url, join(root, 'file'), known, quick));
  t.regex(message, /^already there: .*file; move it away to download it again$/);
  t.is(readFileSync(join(root, 'file'), 'utf8'), 'mine');
  t.is(asked.length, 0);
});
