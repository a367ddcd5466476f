import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import test from 'ava';
import { MOST_MEMORY } from '../../src/preprocessing/decoding/decode.js';
import { DecoderLock, lockMemory } from '../../src/preprocessing/decoding/decoder-lock.js';
import { loadAll } from './helpers.js';

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-large-'));
test.after.always(() => {
  rmSync(folder, { recursive: true });
});

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG of one bit a pixel: small files of many pixels. */
function largePng(name: string, width: number, height: number): { file: string } {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8))));
  const file = join(folder, name);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  writeFileSync(
    file,
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.of())]),
  );
  return { file };
}

const preprocessing = { name: 'ResNetImagePreprocessing', image_size: 224, on_bad_image: 'skip' } as const;

test('a picture that takes too much memory is refused, in one line', async (t) => {
  const pictures = [
    largePng('177M.png', 13300, 13300),
    largePng('thin.png', 1, 30_000_000),
    largePng('fits.png', 2000, 3),
  ];
  const [{ bad }] = await loadAll({ preprocessing, workers: 2 }, [{ pictures, names: ['177M', 'thin', 'fits'] }]);
  t.deepEqual(bad, [
    { index: 0, reason: '13300 x 13300 pixels, which take 1012 MiB of memory where 640 are allowed; make it smaller' },
    { index: 1, reason: '1 x 30000000 pixels, which would be resized to 256 x 7680000000; crop it' },
  ]);
});

test('pictures that are large together are decoded one after another', (t) => {
  const { file } = largePng('49M.png', 7000, 7000);
  const loader = new URL('../../../dist/preprocessing/index.js', import.meta.url).href;
  const script = `
    import { PictureLoader } from '${loader}';
    const loader = new PictureLoader({ preprocessing: ${JSON.stringify(preprocessing)}, workers: 6 });
    const pictures = Array.from({ length: 6 }, () => ({ file: ${JSON.stringify(file)} }));
    for await (const { bad } of loader.load([{ pictures, names: pictures.map(({ file }) => file) }]))
      console.log(bad.length, process.resourceUsage().maxRSS / 1024);
    await loader.dispose();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const [bad, mebibytes] = stdout.split(' ').map(Number);
  t.is(bad, 0, stderr);
  t.true(mebibytes < 1024, `${mebibytes} MiB`); // six at once take 1.8 GiB
});

test('work waits for memory, across gates that share it, and what fails gives its memory back', async (t) => {
  const shared = lockMemory();
  const gates = [new DecoderLock(shared), new DecoderLock(shared)];
  const [log, share]: [string[], number] = [[], 0.6 * MOST_MEMORY];
  let release = (): void => undefined;
  const first = gates[0].within(share, async () => {
    log.push('first begins');
    await new Promise<void>((resolve) => (release = resolve));
    log.push('first fails');
    throw new Error('damaged');
  });
  const second = gates[1].within(share, () => Promise.resolve(log.push('second')));
  await gates[1].within(MOST_MEMORY - share - 2048, () => Promise.resolve(log.push('small')));
  release();
  await t.throwsAsync(first, { message: 'damaged' });
  await second;
  t.deepEqual(log, ['first begins', 'small', 'first fails', 'second']);
});
