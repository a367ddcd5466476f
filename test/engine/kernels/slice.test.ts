import * as tf from '../../../src/tf.js';
import test from 'ava';
import fc from 'fast-check';
import { chooseEngine } from '../../../src/engine/index.js';
import { fastEngines } from '../tested-engines.js';

/** A part of a tensor of any rank: on each axis its length, and the first and number of what is taken. */
const axes = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(4), fc.nat(5)).map(([length, first, count]) => ({
    length,
    first: first % length,
    count: count % (length - (first % length) + 1),
  })),
  { minLength: 1, maxLength: 5 },
);

for (const engine of fastEngines)
  test.serial(`slices of any rank are what they are element by element, on ${engine}`, async (t) => {
    await chooseEngine({ useGpu: true, engine });
    fc.assert(
      fc.property(axes, fc.constantFrom('float32' as const, 'int32' as const), (all, dtype) => {
        const [shape, begin, size] = [all.map((a) => a.length), all.map((a) => a.first), all.map((a) => a.count)];
        const x = tf.tidy(() => tf.reshape(tf.range(0, tf.util.sizeFromShape(shape), 1, dtype), shape));
        const found = tf.slice(x, begin, size);
        let expected = [0];
        all.forEach(({ length, first, count }) => {
          expected = expected.flatMap((at) => Array.from({ length: count }, (_, i) => at * length + first + i));
        });
        t.deepEqual([found.shape, found.dtype, [...found.dataSync()]], [size, dtype, expected]);
        tf.dispose([x, found]);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
