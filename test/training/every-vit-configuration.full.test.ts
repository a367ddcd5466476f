import test from 'ava';
import { checkSteps } from './configured-checks.js';
import { Bench, writtenConfigurations } from './configured-runs.js';

// ViT-B, apart from the others since it takes most of their time.

const bench = new Bench();
test.before(() => bench.prepare());
test.after.always(() => {
  bench.clear();
});

for (const written of writtenConfigurations().filter(({ yaml }) => 'model' in yaml && yaml.model.name === 'ViT'))
  test.serial(`${written.file}: a training and a validation step`, async (t) => {
    const record = await checkSteps(t, bench, written);
    bench.remove(record);
  });
