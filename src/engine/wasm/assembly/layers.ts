// asc: -O3 --noAssert --runtime stub --enable simd --importMemory --initialMemory 1
// What image networks compute besides products, in the heap of TensorFlow.js's WASM backend. The module keeps no data.
export { adam } from './layers/adam';
export { affine, combine, maskedSums, scaledGradient, squares } from './layers/columns';
export { gelu, geluGradient } from './layers/functions';
export { averagePoolGradient, maxPoolGradient } from './layers/pooling';
export { layerNorm, layerNormGradient, softmax, softmaxGradient } from './layers/rows';
