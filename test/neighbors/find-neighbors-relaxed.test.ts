import test from 'ava';
import { usesRelaxedSimd } from '../../src/engine/wasm/relaxed-simd.js';
import { allowRelaxedSimd } from '../engine/wasm/relaxed-simd.js';
import './find-neighbors-suite.js';

allowRelaxedSimd();

test('the kernels have the form with relaxed SIMD', (t) => {
  t.true(usesRelaxedSimd());
});
