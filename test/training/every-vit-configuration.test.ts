import { writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import test from 'ava';
import { makeDataset } from '../../src/datasets/index.js';
import { checkParameters, checkRecord } from './configured-checks.js';
import { Bench, writtenConfigurations } from './configured-runs.js';

const bench = new Bench();

/** The least that a training subset has; a picture takes seconds. */
const [PICTURES, READABLE] = [7, 3];
const all = writtenConfigurations().filter(({ yaml }) => 'model' in yaml && yaml.model.name === 'ViT');

test.before(async () => {
  await bench.prepare();
  for (const set of new Set(all.map(({ set }) => set))) {
    const { dataset } = all.find((written) => written.set === set)!.yaml;
    const { items, instances } = makeDataset({ ...dataset, raw_data_directory_name: bench.root(set) });
    for (const item of instances.training.subarray(READABLE)) writeFileSync(items[item].file!, 'no picture');
  }
});

test.after.always(() => {
  bench.clear();
});

for (const written of all)
  test.serial(`${written.file}: a training and a validation step`, async (t) => {
    const before = tf.memory().numTensors;
    const [record] = await bench.train(written);
    t.is(tf.memory().numTensors, before);
    checkRecord(t, bench, written, record);
    checkParameters(t, bench, written, record);
    t.regex(record.notes.join('\n'), new RegExp(`cannot be read were left out: ${PICTURES - READABLE} `));
    bench.remove(record);
  });
