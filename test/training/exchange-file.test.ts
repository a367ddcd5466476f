import { mkdtempSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { ExchangeFile, type Values } from '../../src/training/data-parallel/exchange-file.js';

test('what is put into an exchange file is read from its other side, letter after letter, also without a name', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-'));
  const file = join(folder, 'box');
  const [here, there] = [new ExchangeFile(file), new ExchangeFile(file)];
  unlinkSync(file);
  const floats = fc.array(fc.float({ noNaN: true })).map((values) => Float32Array.from(values));
  const integers = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })).map((values) => Int32Array.from(values));
  const letters = fc.array(fc.oneof<fc.Arbitrary<Values>[]>(floats, integers));
  fc.assert(
    fc.property(letters, (arrays) => {
      t.deepEqual(there.read(here.write(arrays)), arrays);
    }),
    { seed: 4 },
  );
  const part = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
  t.deepEqual(there.read(here.write([part])), [Float32Array.of(2, 3)]);
  t.throws(() => there.read([{ at: 2 ** 20, length: 1, type: 'float32' }]), { message: /ends too early/ });
  for (const box of [here, there]) box.close();
  rmSync(folder, { recursive: true });
});
