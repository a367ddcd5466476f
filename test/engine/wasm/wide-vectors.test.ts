import test from 'ava';
import { usesRelaxedSimd } from '../../../src/engine/wasm/relaxed-simd.js';
import { usesWideVectors } from '../../../src/engine/wasm/wide-vectors.js';

// That results have the same bits: test/package/node-releases.full.test.ts, in a process for each release of Node.js.

test.serial('variables that choose the form of the kernels take off alone', (t) => {
  for (const [variable, uses] of [
    ['TRIPLETLAB_RELAXED_SIMD', usesRelaxedSimd],
    ['TRIPLETLAB_WIDE_VECTORS', usesWideVectors],
  ] as const) {
    const before = process.env[variable];
    process.env[variable] = 'off';
    t.false(uses());
    process.env[variable] = 'no';
    t.throws(uses, { message: `invalid ${variable}: no; set it to off, or leave it out` });
    if (before === undefined) Reflect.deleteProperty(process.env, variable);
    else process.env[variable] = before;
  }
});

test.serial('wide vectors need relaxed SIMD', (t) => {
  process.env['TRIPLETLAB_RELAXED_SIMD'] = 'off';
  t.false(usesWideVectors());
  delete process.env['TRIPLETLAB_RELAXED_SIMD'];
});
