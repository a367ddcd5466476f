import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import sharp from 'sharp';
import { UsageError } from '../../src/errors.js';
import { PictureLoader, imageSize, type Picture, type PictureRequest } from '../../src/preprocessing/index.js';
import { bytesOf, drawn, loadAll } from './helpers.js';

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-loader-'));
const files: string[] = [];
test.before(async () => {
  for (let i = 0; i < 12; i++) {
    files.push(join(folder, `${i}.png`));
    const [width, height] = [50 + 7 * i, 90 - 5 * i];
    await sharp(drawn(width, height, i), { raw: { width, height, channels: 3 } })
      .png()
      .toFile(files[i]);
  }
  writeFileSync(join(folder, 'text.png'), 'no picture');
});
test.after.always(() => {
  rmSync(folder, { recursive: true });
});

const small = { name: 'SmallImagePreprocessing', image_size: 16 } as const;
const vit = { name: 'ViTImagePreprocessing' } as const;
const request = (...numbers: number[]): PictureRequest => ({
  pictures: numbers.map((i) => ({ file: files[i] })),
  names: numbers.map((i) => `picture ${i}`),
});
const withBad = (): PictureRequest => ({
  pictures: [
    { file: files[0] },
    { file: join(folder, 'none.png') },
    { file: files[1] },
    { file: join(folder, 'text.png') },
  ],
  names: ['a', 'images/none.png', 'c', 'images/text.png'],
});
const oneByOne = async (i: number) => (await loadAll({ preprocessing: small, workers: 1 }, [request(i)]))[0].data;

test('batches come in the order of their requests, whatever the number of threads', async (t) => {
  const requests = Array.from({ length: 9 }, (_, i) =>
    request(...Array.from({ length: i }, (_, j) => (5 * i + j) % 12)),
  );
  const single = (
    await loadAll(
      { preprocessing: small, workers: 1 },
      files.map((_, i) => request(i)),
    )
  ).map(({ data }) => data);
  for (const workers of [1, 3]) {
    const batches = await loadAll({ preprocessing: small, workers }, requests);
    t.is(batches.length, 9);
    batches.forEach(({ data, size, bad }, i) => {
      t.is(size, 16);
      t.deepEqual(bad, []);
      t.is(data.length, i * 768);
      for (let j = 0; j < i; j++) t.deepEqual(data.slice(768 * j, 768 * (j + 1)), single[(5 * i + j) % 12]);
    });
  }
});

test('augmentation depends on seed, epoch and position, not on threads or how pictures are cut into requests', async (t) => {
  const all = Array.from({ length: 12 }, (_, i) => i);
  const augmented = (numbers: number[], first: number, seed = 1, epoch = 2) => ({
    ...request(...numbers),
    augmentation: { seed, epoch, first },
  });
  const [whole] = await loadAll({ preprocessing: vit, workers: 1 }, [augmented(all, 0)]);
  const parts = await loadAll({ preprocessing: vit, workers: 3 }, [
    augmented(all.slice(0, 5), 0),
    augmented(all.slice(5, 6), 5),
    augmented(all.slice(6), 6),
  ]);
  t.deepEqual(Float32Array.from(parts.flatMap(({ data }) => [...data])), whole.data);
  for (const other of [augmented(all, 1), augmented(all, 0, 3), augmented(all, 0, 1, 3), request(...all)]) {
    const [batch] = await loadAll({ preprocessing: vit, workers: 2 }, [other]);
    t.notDeepEqual(batch.data, whole.data);
  }
});

test('raw pictures go the way of files', async (t) => {
  const raw = (i: number): Picture => ({
    width: 50 + 7 * i,
    height: 90 - 5 * i,
    data: drawn(50 + 7 * i, 90 - 5 * i, i),
  });
  const pictures = [raw(3), { file: files[4] }, raw(5)];
  const [batch] = await loadAll({ preprocessing: small, workers: 2 }, [{ pictures, names: ['3', '4', '5'] }]);
  const [expected] = await loadAll({ preprocessing: small, workers: 2 }, [request(3, 4, 5)]);
  t.deepEqual(batch.data, expected.data);
  const wrong = [{ width: 5, height: 5, data: new Uint8Array(74) }];
  await t.throwsAsync(loadAll({ preprocessing: small, workers: 1 }, [{ pictures: wrong, names: ['x'] }]), {
    instanceOf: UsageError,
    message:
      /^unreadable picture: x: 74 bytes for 5 x 5 pixels \(1 of 1 pictures of its batch\); .* preprocessing\.on_bad_image=skip$/,
  });
});

test('a picture that cannot be read ends the loading, named, or is left out', async (t) => {
  const message =
    'unreadable picture: images/none.png: no such file (2 of 4 pictures of its batch); replace them or set preprocessing.on_bad_image=skip';
  const loader = new PictureLoader({ preprocessing: small, workers: 2 });
  const loading = loader.load([request(1, 2), withBad(), request(3)]);
  t.false((await loading.next()).done);
  await t.throwsAsync(loading.next(), { instanceOf: UsageError, message });
  t.true((await loading.next()).done);
  t.is((await loader.load([request(1)]).next()).value!.data.length, 768); // the loader lives on
  await loader.dispose();

  const skipping = { ...small, on_bad_image: 'skip' } as const;
  const batches = await loadAll({ preprocessing: skipping, workers: 2 }, [withBad(), request(3), withBad()]);
  t.deepEqual(batches[0].bad, [
    { index: 1, reason: 'no such file' },
    { index: 3, reason: 'not a picture, or of a format that cannot be read' },
  ]);
  t.deepEqual(batches[2], batches[0]); // the second time from memory
  t.deepEqual(batches[1].bad, []);
  t.deepEqual(batches[0].data.slice(0, 768), await oneByOne(0));
  t.deepEqual(batches[0].data.slice(1536, 2304), await oneByOne(1));
  t.true(batches[0].data.slice(768, 1536).every((value) => value === 0));
});

test('requests are drawn no further ahead than asked', async (t) => {
  let asked = 0;
  function* requests(): Generator<PictureRequest> {
    for (; asked < 50; asked++) yield request(asked % 12, (asked + 1) % 12);
  }
  const bytes = 16 + 2 * 768;
  const loader = new PictureLoader({ preprocessing: small, workers: 2, aheadBytes: 3 * bytes });
  const loading = loader.load(requests());
  t.is(asked, 2); // the third is out, its count not yet up
  for (let i = 0; i < 10; i++) await loading.next();
  t.is(asked, 12);
  await loading.return?.();
  t.true((await loading.next()).done);
  await loader.dispose();
});

test('what the requests throw comes after what was asked before', async (t) => {
  function* requests(): Generator<PictureRequest> {
    yield request(1);
    throw new UsageError('no more');
  }
  const loader = new PictureLoader({ preprocessing: small, workers: 1 });
  const loading = loader.load(requests());
  t.is((await loading.next()).value!.data.length, 768);
  await t.throwsAsync(loading.next(), { message: 'no more' });
  await loader.dispose();
});

test('evaluated pictures are kept up to the limit, augmented ones never', async (t) => {
  const copy = join(folder, 'changing.png');
  const load = async (cacheBytes: number, augmentation?: PictureRequest['augmentation']) => {
    writeFileSync(copy, readFileSync(files[0]));
    const loader = new PictureLoader({ preprocessing: small, workers: 1, cacheBytes });
    const once = async () => {
      const one = { pictures: [{ file: copy }], names: ['x'], ...(augmentation && { augmentation }) };
      return bytesOf((await loader.load([one]).next()).value!, small);
    };
    const before = await once();
    writeFileSync(copy, readFileSync(files[7]));
    const after = await once();
    await loader.dispose();
    return Buffer.compare(before, after) === 0;
  };
  t.true(await load(768));
  t.false(await load(767));
  t.false(await load(1e6, { seed: 0, epoch: 1, first: 0 }));
});

test('a loader that is stopped with work outstanding ends, and so does a process that forgets it', async (t) => {
  const loader = new PictureLoader({ preprocessing: vit, workers: 3 });
  const loading = loader.load(Array.from({ length: 40 }, () => request(0, 1, 2, 3, 4, 5)));
  await loading.next();
  await loader.dispose();
  t.true((await loading.next()).done);
  t.throws(() => loader.load([request(0)]), { message: /disposed/ });

  const script = `
    import { PictureLoader } from './dist/preprocessing/index.js';
    const loader = new PictureLoader({ preprocessing: { name: 'ViTImagePreprocessing' }, workers: 2 });
    const pictures = [{ file: ${JSON.stringify(files[0])} }];
    void loader.load([{ pictures, names: ['x'] }, { pictures, names: ['x'] }]).next().then(({ value }) => console.log(value.data.length));`;
  const forgetful = join(process.cwd(), `.forgetful-${process.pid}.mjs`);
  writeFileSync(forgetful, script);
  const run = spawnSync(process.execPath, [forgetful], { timeout: 60_000, encoding: 'utf8' });
  rmSync(forgetful);
  t.is(run.status, 0, run.stderr);
  t.is(run.stdout.trim(), '150528');
});

test('sizes follow from the configuration, and indexes are no pictures', (t) => {
  t.is(imageSize({ name: 'ResNetImagePreprocessing', image_size: null }), 227);
  t.is(imageSize({ name: 'ResNetImagePreprocessing', image_size: 224 }), 224);
  t.is(imageSize({ name: 'ViTImagePreprocessing', image_size: null }), 224);
  t.is(imageSize({ name: 'SmallImagePreprocessing' }), 64);
  t.throws(() => imageSize({ name: 'IndexRemapPreprocessing' }), {
    instanceOf: UsageError,
    message: /^invalid preprocessing: IndexRemapPreprocessing; it is for indexes/,
  });
  t.throws(() => new PictureLoader({ preprocessing: small, workers: 0 }), {
    message: 'invalid workers: 0; give a positive integer',
  });
});
