export { MersenneTwister } from './mersenne-twister.js';
export { NumpyRandom } from './numpy-random.js';
export { PythonRandom } from './python-random.js';
export { pythonSetOrder } from './python-set.js';
export { RandomStream } from './stream.js';
