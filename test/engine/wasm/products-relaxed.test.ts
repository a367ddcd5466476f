import { testProducts } from './products-suite.js';
import { allowRelaxedSimd } from './relaxed-simd.js';

allowRelaxedSimd();
testProducts(true);
