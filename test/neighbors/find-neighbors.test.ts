import test from 'ava';
import { usesRelaxedSimd } from '../../src/engine/wasm/relaxed-simd.js';
import './find-neighbors-suite.js';

process.env['TRIPLETLAB_RELAXED_SIMD'] = 'off';

test('the kernels have the form without relaxed SIMD', (t) => {
  t.false(usesRelaxedSimd());
});
