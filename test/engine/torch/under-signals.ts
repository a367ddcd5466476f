/** Takes gradients of a transformer's first convolution, on `torch-cpu`, while signals come in; prints how many came. */
import * as tf from '../../../src/tf.js';
import { chooseEngine } from '../../../src/engine/index.js';

let signals = 0;
process.on('SIGUSR2', () => signals++);
await chooseEngine({ useGpu: false, engine: 'torch-cpu' });
process.stdout.write('ready\n');
const pictures = tf.ones([3, 224, 224, 3]) as tf.Tensor4D;
const filter = tf.ones([16, 16, 3, 768]) as tf.Tensor4D;
const gradient = tf.grad((w) => tf.sum(tf.conv2d(pictures, w as tf.Tensor4D, 16, 'valid')));
for (let i = 0; i < 60; i++) {
  const [first] = tf.tidy(() => gradient(filter)).dataSync();
  if (first !== 3 * 14 * 14) throw new Error(`a gradient of ${first}`);
  await new Promise((turn) => setImmediate(turn));
}
process.stdout.write(`${signals} signals\n`);
process.exit(0);
