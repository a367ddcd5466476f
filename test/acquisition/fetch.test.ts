import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import test from 'ava';
import { registerData } from '../../src/commands/data.js';
import { fetchData } from '../../src/acquisition/fetch.js';
import { parseManifest, type Manifest } from '../../src/acquisition/manifest.js';
import { tarOf, zipOf } from './archives.js';
import { folderOf, refusalOf } from '../datasets/folders.js';
import { send, serve } from './server.js';

const quick = { attempts: 1, pause: 0.01, stall: 5 };
const about = { origin: 'here', needed_for: 'tests' };
const unknown = { bytes: null, sha256: null };
const sha256 = (contents: string) => createHash('sha256').update(contents).digest('hex');
const base = parseManifest(readFileSync('data-manifests/cars.yaml', 'utf8'), 'cars.yaml');

const contents: Record<string, Buffer> = {
  '/file.txt': Buffer.from('contents'),
  '/other.txt': Buffer.from('not what was expected'),
  '/pictures.tgz': gzipSync(
    tarOf([
      { name: 'set/images/a/1.jpg', contents: '1' },
      { name: 'set/images/a/2.jpg', contents: '22' },
      { name: 'set/extra/list.txt', contents: 'list' },
    ]),
  ),
  '/clash.zip': zipOf([
    { name: 'a', contents: 'file' },
    { name: 'a/b', contents: 'below' },
  ]),
  '/evil.zip': zipOf([{ name: '../../escaped', contents: 'x' }]),
};

async function manifestOf(t: Parameters<typeof serve>[0], change: Partial<Manifest> = {}) {
  const { url, asked } = await serve(t, (request, response) => {
    const found = contents[request.url!] as Buffer | undefined;
    if (found) send(request, response, found);
    else response.writeHead(404).end();
  });
  const manifest: Manifest = {
    ...base,
    files: [
      { path: 'deep/file.txt', bytes: 8, sha256: sha256('contents'), url: `${url}/file.txt`, ...about },
      { pattern: 'images/*/*.jpg', count: 2, ...about },
      { path: 'list.txt', ...unknown, ...about },
      { path: 'by-hand.txt', ...unknown, ...about },
    ],
    archives: [
      {
        url: `${url}/pictures.tgz`,
        file: 'pictures.tgz',
        format: 'tar.gz',
        ...unknown,
        take: [
          { from: 'set/images/', to: 'images/' },
          { from: 'set/extra/list.txt', to: 'list.txt' },
        ],
      },
    ],
    ...change,
  };
  return { manifest, asked, url };
}

test('what may be downloaded is, the rest is reported; twice in a row nothing is downloaded again', async (t) => {
  const { manifest, asked } = await manifestOf(t);
  const root = join(folderOf(t), 'not/there/yet');
  const steps: string[] = [];
  const onStep = (action: string, file: string) => steps.push(`${action} ${file}`);
  const report = await fetchData(manifest, root, { ...quick, onStep });
  t.deepEqual(report.fetched, ['deep/file.txt', 'pictures.tgz: 3 files']);
  t.deepEqual(report.failed, []);
  t.deepEqual(
    report.left.map(({ path, status }) => [path, status]),
    [['by-hand.txt', 'missing']],
  );
  t.deepEqual(steps, ['download deep/file.txt', 'download pictures.tgz', 'unpack pictures.tgz']);
  t.is(readFileSync(join(root, 'deep/file.txt'), 'utf8'), 'contents');
  t.is(readFileSync(join(root, 'images/a/2.jpg'), 'utf8'), '22');
  t.is(readFileSync(join(root, 'list.txt'), 'utf8'), 'list');
  t.deepEqual(readdirSync(root).sort(), ['deep', 'images', 'list.txt']);
  const before = asked.length;
  t.deepEqual((await fetchData(manifest, root, quick)).fetched, []);
  t.is(asked.length, before);
});

test('one failure does not stop the others', async (t) => {
  const { manifest, url } = await manifestOf(t);
  const [file, ...rest] = manifest.files;
  const absent = { path: 'absent.txt', ...unknown, url: `${url}/absent.txt`, ...about };
  const wrong = { path: 'wrong.txt', ...unknown, sha256: sha256('x'), url: `${url}/other.txt`, ...about };
  const root = folderOf(t);
  const report = await fetchData({ ...manifest, files: [absent, wrong, file, ...rest] }, root, quick);
  t.is(report.failed.length, 2);
  t.regex(report.failed[0], /^cannot download .*absent\.txt: the server answered 404/);
  t.regex(report.failed[1], /^wrong checksum of .*other\.txt/);
  t.deepEqual(report.fetched, ['deep/file.txt', 'pictures.tgz: 3 files']);
  t.deepEqual(
    report.left.map(({ path }) => path),
    ['absent.txt', 'wrong.txt', 'by-hand.txt'],
  );
  t.false(existsSync(join(root, 'wrong.txt')));
});

test('an archive that cannot be unpacked does not stop the others', async (t) => {
  const { manifest, url } = await manifestOf(t);
  const clash = { ...unknown, url: `${url}/clash.zip`, file: 'clash.zip', format: 'zip' as const };
  const archives = [{ ...clash, take: [{ from: '', to: 'clash/' }] }, ...manifest.archives!];
  const files = [...manifest.files, { path: 'clash/a/b', ...unknown, ...about }];
  const root = folderOf(t);
  const report = await fetchData({ ...manifest, files, archives }, root, quick);
  t.is(report.failed.length, 1);
  t.regex(report.failed[0], /^cannot unpack a\/b of .*clash\.zip: a file is where its folder should be; [^\n]*$/);
  t.deepEqual(report.fetched, ['deep/file.txt', 'pictures.tgz: 3 files']);
});

test('only the files that are asked for', async (t) => {
  const { manifest, asked } = await manifestOf(t);
  const root = folderOf(t);
  const report = await fetchData(manifest, root, { ...quick, only: ['deep/file.txt'] });
  t.deepEqual(report.fetched, ['deep/file.txt']);
  t.deepEqual(report.left, []);
  t.deepEqual(
    asked.map(({ path }) => path),
    ['/file.txt'],
  );
  const message = await refusalOf(t, fetchData(manifest, root, { only: ['deep/fil.txt'] }));
  t.is(message, 'unknown file of cars: deep/fil.txt; did you mean deep/file.txt?');
});

test('an archive put there by hand is unpacked without a download, unless its checksum is wrong', async (t) => {
  const { manifest, asked } = await manifestOf(t);
  const root = folderOf(t, { 'pictures.tgz': contents['/pictures.tgz'] });
  const report = await fetchData(manifest, root, quick);
  t.deepEqual(report.fetched, ['deep/file.txt', 'pictures.tgz: 3 files']);
  t.false(asked.some(({ path }) => path === '/pictures.tgz'));
  const archives = manifest.archives!.map((archive) => ({ ...archive, sha256: sha256('x') }));
  const other = folderOf(t, { 'pictures.tgz': contents['/pictures.tgz'] });
  const refused = await fetchData({ ...manifest, archives }, other, quick);
  t.regex(refused.failed[0], /^already there: .*pictures\.tgz; move it away/);
  t.true(existsSync(join(other, 'pictures.tgz')));
});

test('an archive whose names lead out of the root writes nothing', async (t) => {
  const outer = folderOf(t, { 'root/kept': '' });
  const { manifest, url } = await manifestOf(t);
  const [archive] = manifest.archives!;
  const evil = {
    ...archive,
    url: `${url}/evil.zip`,
    file: 'evil.zip',
    format: 'zip' as const,
    take: [{ from: '', to: '' }],
  };
  const report = await fetchData({ ...manifest, archives: [evil] }, join(outer, 'root'), quick);
  t.regex(report.failed[0], /leads out of the folder/);
  t.deepEqual(readdirSync(outer), ['root']);
});

/** Runs `tripletlab data ...`: what it prints and its exit code. */
async function run(...args: string[]): Promise<{ output: string; code: number }> {
  const program = new Command().exitOverride();
  registerData(program);
  const { write } = process.stdout;
  const before = process.exitCode;
  let output = '';
  process.stdout.write = ((text: string) => {
    output += text;
    return true;
  }) as typeof write;
  process.exitCode = 0;
  try {
    await program.parseAsync(['data', ...args], { from: 'user' });
    return { output, code: Number(process.exitCode) };
  } finally {
    process.stdout.write = write;
    process.exitCode = before;
  }
}

const kept = process.env['TRIPLETLAB_DATA'];
test.afterEach.always(() => {
  if (kept === undefined) delete process.env['TRIPLETLAB_DATA'];
  else process.env['TRIPLETLAB_DATA'] = kept;
});

test.serial('list: every source, present or not, where, and terms', async (t) => {
  const data = folderOf(t, { 'yummly/images/a.jpg': 'abc' });
  process.env['TRIPLETLAB_DATA'] = data;
  const { output, code } = await run('list');
  const lines = output.trimEnd().split('\n');
  t.is(lines.length, 8);
  t.regex(lines[0], /^name +entries +size +where +terms$/);
  const yummly = lines.find((line) => line.startsWith('yummly'))!;
  t.true(yummly.includes('0 of 3') && yummly.includes('3 B') && yummly.includes(join(data, 'yummly')), yummly);
  t.regex(
    lines.find((line) => line.startsWith('cub'))!,
    /0 of 1 +not found +non-commercial/,
  );
  t.is(code, 0);
});

test.serial('verify: 1 where anything is wrong, and which', async (t) => {
  process.env['TRIPLETLAB_DATA'] = folderOf(t, { 'yummly/ingredients.json': '{}', 'cub/images/1/a.jpg': '' });
  const { output, code } = await run('verify', 'yummly');
  t.is(code, 1);
  t.regex(output, /missing +all-triplets\.csv/);
  t.regex(output, /wrong size +ingredients\.json \(2 bytes instead of 66783\)/);
  t.regex(output, /missing +images\/\*\.jpg \(0 files instead of 100\)/);
  const every = await run('verify');
  t.regex(every.output, /^yummly: [\s\S]*^cub: [\s\S]*wrong count +images\/\*\/\*\.jpg \(1 files instead of 11788\)/m);
  t.is(every.code, 1);
  t.regex(await refusalOf(t, run('verify', 'yumly')), /did you mean yummly\?/);
  t.regex(await refusalOf(t, run('verify', '--root', 'x')), /^missing name/);
  process.env['TRIPLETLAB_DATA'] = folderOf(t);
  t.regex(await refusalOf(t, run('verify')), /^no data found/);
});

test.serial('locate: the folder, or one line that says how to get it', async (t) => {
  const data = folderOf(t, { 'yummly/a': '' });
  process.env['TRIPLETLAB_DATA'] = data;
  t.deepEqual(await run('locate', 'yummly'), { output: `${join(data, 'yummly')}\n`, code: 0 });
  const { output } = await run('locate');
  t.regex(output, /^things +not found$/m);
  t.regex(output, /^yummly +\/.*yummly$/m);
  t.regex(await refusalOf(t, run('locate', 'things')), /see data-manifests\/things\.yaml$/);
});

test.serial('fetch: where nothing may be downloaded, the exact steps', async (t) => {
  process.env['TRIPLETLAB_DATA'] = folderOf(t);
  const { output, code } = await run('fetch', 'cars');
  t.is(code, 1);
  for (const step of base.steps) t.true(output.includes(step));
  t.regex(output, /still to get, into .*cars:/);
  delete process.env['TRIPLETLAB_DATA'];
  t.regex(await refusalOf(t, run('fetch', 'cars')), /^no folder for cars: set TRIPLETLAB_DATA or give --root FOLDER$/);
});
