import { testProducts } from './products-suite.js';

process.env['TRIPLETLAB_RELAXED_SIMD'] = 'off';
testProducts(false);
