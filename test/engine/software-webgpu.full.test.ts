/** The suites that compute on each engine, with SwiftShader as a GPU too. */
import './with-software-webgpu.js';
import './kernels/convolution.test.js';
import './kernels/mat-mul.test.js';
import './kernels/operations.test.js';
import './kernels/pooling.test.js';
import './kernels/segments-and-einsum.test.js';
import './kernels/slice.test.js';
import '../losses/golden.test.js';
import '../backbones/layers.test.js';
import '../optimizers/adam.test.js';
import '../training/engines.test.js';
