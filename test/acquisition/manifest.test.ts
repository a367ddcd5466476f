import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'ava';
import { datasets } from '../../src/catalogue/datasets.js';
import { sources } from '../../src/acquisition/locate.js';
import { isPattern, parseManifest, readManifest } from '../../src/acquisition/manifest.js';
import { verify } from '../../src/acquisition/verify.js';
import { folderOf, refusal } from '../datasets/folders.js';

test('every manifest is valid, and there is one for every source', (t) => {
  t.deepEqual(
    readdirSync('data-manifests')
      .filter((name) => name !== 'README.md')
      .sort(),
    sources.map((source) => `${source}.yaml`).sort(),
  );
  for (const source of sources) t.is(readManifest(source).name, source);
});

test('together they cover every published data set that a configuration may name', (t) => {
  const others = /^(Synthetic|Custom)/;
  const published = Object.entries(datasets).filter(([name]) => !others.test(name));
  t.deepEqual(
    sources.flatMap((source) => readManifest(source).data_sets).sort(),
    published.map(([name]) => name).sort(),
  );
});

test('what an archive gives is in the manifest, and what steps quote equals it', (t) => {
  for (const source of sources) {
    const { archives = [], files, steps } = readManifest(source);
    const paths = files.map((entry) => (isPattern(entry) ? entry.pattern : entry.path));
    for (const archive of archives) {
      for (const { to } of archive.take)
        t.true(
          paths.some((path) => path.startsWith(to)),
          `${source} ${to}`,
        );
      for (const value of [archive.md5, archive.bytes])
        if (value)
          t.true(
            steps.some((step) => step.includes(String(value))),
            `${source} ${value}`,
          );
    }
    for (const entry of files)
      if (!isPattern(entry) && entry.md5)
        t.true(
          steps.some((step) => step.includes(entry.md5!)),
          entry.path,
        );
  }
});

test('checksums of weights begin as their file names end', (t) => {
  for (const entry of readManifest('weights').files) {
    if (isPattern(entry) || entry.sha256 === null) continue;
    const [, prefix] = /-([0-9a-f]{8,})\.pth$/.exec(entry.path)!;
    t.true(entry.sha256.startsWith(prefix), entry.path);
  }
});

test('unknown names and invalid manifests: one line with the key', (t) => {
  t.is(
    refusal(t, () => readManifest('thing')),
    'unknown data set: thing; did you mean things?',
  );
  const text = readFileSync('data-manifests/things.yaml', 'utf8');
  const say = (from: string, to: string) => refusal(t, () => parseManifest(text.replace(from, to), 'x.yaml'));
  t.regex(say('bytes: 497467', 'bytes: -1'), /^invalid x\.yaml: files\.0/);
  t.regex(say('path: Main/', 'path: ../Main/'), /^invalid x\.yaml: files\.0/);
  t.regex(say('path: Main/', 'path: /Main/'), /^invalid x\.yaml: files\.0/);
  t.regex(say('name: things', 'name: thongs'), /^invalid x\.yaml: name/);
  t.regex(say('name: things', 'surprise: 1'), /^invalid x\.yaml: /);
  t.regex(say('url: https', 'url: ftp'), /^invalid x\.yaml: files\./);
  t.regex(say('name: things', 'name: [things'), /^invalid x\.yaml: /);
});

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const base = parseManifest(readFileSync('data-manifests/cars.yaml', 'utf8'), 'cars.yaml');
const about = { origin: 'here', needed_for: 'tests' };
const unknown = { bytes: null, sha256: null };

test('files are told apart: ok, unchecked, missing, wrong size, wrong checksum, wrong count', async (t) => {
  const files = [
    { path: 'sha256', bytes: 3, sha256: digest('sha256', 'abc'), ...about },
    { path: 'md5', ...unknown, md5: digest('md5', 'abc'), ...about },
    { path: 'blob', ...unknown, git_blob: digest('sha1', 'blob 3\0abc'), ...about },
    { path: 'nothing known', ...unknown, ...about },
    { path: 'absent', ...unknown, ...about },
    { path: 'absent and optional', ...unknown, optional: true, ...about },
    { path: 'longer', bytes: 2, sha256: digest('sha256', 'abc'), ...about },
    { path: 'other sha256', bytes: 3, sha256: digest('sha256', 'abd'), ...about },
    { path: 'other md5', bytes: 3, sha256: digest('sha256', 'abc'), md5: digest('md5', 'abd'), ...about },
    { path: 'other blob', ...unknown, git_blob: digest('sha1', 'abc'), ...about },
    { pattern: 'p/*/*.jpg', count: 2, ...about },
    { pattern: 'p/a*/*.jpg', count: 2, ...about },
    { pattern: 'p/*.jpg', count: 1, ...about },
    { pattern: 'q.jpg/*', count: 1, ...about },
  ];
  const names = files.flatMap((entry) => ('path' in entry && !entry.path.startsWith('absent') ? [entry.path] : []));
  const root = folderOf(t, {
    ...Object.fromEntries(names.map((name) => [name, 'abc'])),
    'p/ab/1.jpg': 'four',
    'p/c/2.jpg': 'x',
    'p/c/3.jpeg': 'x',
    'p/c/d.jpg/4': 'x',
    'q.jpg': 'x',
  });
  const checks = await verify({ ...base, files }, root);
  t.deepEqual(
    checks.map(({ path, status, problem }) => [path, status, problem]),
    [
      ['sha256', 'ok', false],
      ['md5', 'ok', false],
      ['blob', 'ok', false],
      ['nothing known', 'unchecked', false],
      ['absent', 'missing', true],
      ['absent and optional', 'missing', false],
      ['longer', 'wrong size', true],
      ['other sha256', 'wrong checksum', true],
      ['other md5', 'wrong checksum', true],
      ['other blob', 'wrong checksum', true],
      ['p/*/*.jpg', 'ok', false],
      ['p/a*/*.jpg', 'wrong count', true],
      ['p/*.jpg', 'missing', true],
      ['q.jpg/*', 'missing', true],
    ],
  );
  t.is(checks[10].bytes, 5);
  const quick = await verify({ ...base, files }, root, { checksums: false });
  t.is(quick[6].status, 'wrong size');
  t.deepEqual(
    quick.slice(7, 10).map(({ status }) => status),
    ['unchecked', 'unchecked', 'unchecked'],
  );
});
