export { MersenneTwister } from './mersenne-twister.js';
export { PythonRandom } from './python-random.js';
export { pythonSetOrder } from './python-set.js';
export { Stream } from './stream.js';
