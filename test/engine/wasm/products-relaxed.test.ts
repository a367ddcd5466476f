import { setFlagsFromString } from 'node:v8';
import { testProducts } from './products-suite.js';

delete process.env['TRIPLETLAB_RELAXED_SIMD'];
// Node.js 20 has it behind this flag, later ones without
if (Number(process.versions.node.split('.')[0]) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');
testProducts(true);
