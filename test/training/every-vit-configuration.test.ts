import * as tf from '@tensorflow/tfjs';
import test from 'ava';
import { checkParameters, checkRecord } from './configured-checks.js';
import { Bench, writtenConfigurations } from './configured-runs.js';

// ViT-B, apart from the others since it takes most of their time.

const bench = new Bench();
test.before(() => bench.prepare());
test.after.always(() => {
  bench.clear();
});

for (const written of writtenConfigurations().filter(({ yaml }) => 'model' in yaml && yaml.model.name === 'ViT'))
  test.serial(`${written.file}: a training and a validation step`, async (t) => {
    const before = tf.memory().numTensors;
    const [record] = await bench.train(written);
    t.is(tf.memory().numTensors, before);
    checkRecord(t, bench, written, record);
    checkParameters(t, bench, written, record);
    bench.remove(record);
  });
