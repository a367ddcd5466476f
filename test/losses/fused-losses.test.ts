import { readFileSync } from 'node:fs';
import test from 'ava';
import { losses, type LossType } from '../../src/catalogue/losses.js';
import type { ModelConfiguration } from '../../src/configuration/types.js';
import { FusedLoss, hasFusedLoss, makeEmbeddingLoss } from '../../src/losses/kernels/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { TensorLoss, type Supervision } from '../../src/losses/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { checkLosses } from '../../src/verification/losses.js';
import { flat, relativeDifference, withClasses, withTeachers } from './forms.js';
import { randomRows, randomTeachers } from './rows.js';

const model: ModelConfiguration = {
  name: 'SmallResNet',
  embedding_size: 5,
  loss_type: 'rkd',
  metric_mode: 'FCT/max',
  margin: 0.5,
  margin2: 0,
  margin_positive: 0.1,
  margin_negative: 1,
  tau: 0.5,
  mu: 0.4,
  alpha: 2,
  beta: 1.2,
  teacher_margin: 0,
  triplet_weight_type: 'from_source_triplets',
  semihard_loss_threshold: 0,
};
const rows = flat(randomRows(9, 5, 91));
const supervisions: Record<(typeof losses)[LossType]['supervision'], Supervision> = {
  triplets: { triplets: true },
  classes: withClasses([0, 1, 0, 1, 2, 2, 0, 3, 1]),
  teachers: withTeachers(randomTeachers(9, 2, 4, 92)),
};

// The engine is the process's: one test after the other.
test.serial('every loss of the configurations is made for every engine, with the same numbers', async (t) => {
  for (const directed of [false, true])
    for (const [loss_type, { supervision }] of Object.entries(losses)) {
      const results = [];
      for (const name of ['wasm', 'javascript'] as const) {
        const engine = await chooseEngine({ useGpu: false, engine: name });
        const configuration = { ...model, loss_type: loss_type as LossType };
        const loss = makeEmbeddingLoss(configuration, directed, engine, new RandomStream(1, 'draws'));
        const fused = name === 'wasm' && hasFusedLoss(loss_type);
        t.true(fused ? loss instanceof FusedLoss : loss instanceof TensorLoss, `${loss_type} on ${name}`);
        results.push(loss.valueAndGradient(rows, 9, 5, supervisions[supervision]));
      }
      const [a, b] = results;
      t.true(Math.abs(a.value - b.value) < 1e-5 * (1 + Math.abs(b.value)), `${loss_type}: ${a.value} and ${b.value}`);
      const off = relativeDifference(a.gradient, b.gradient);
      t.true(off < 1e-4, `${loss_type}: gradients are ${off} apart`);
    }
});

test.serial("the tensor forms give the reference's numbers on the plain JavaScript engine too", async (t) => {
  await chooseEngine({ useGpu: false, engine: 'javascript' });
  const outcomes = await checkLosses(JSON.parse(readFileSync('test/golden/losses.json', 'utf8')), '');
  for (const { name, status, detail } of outcomes) t.is(status, 'passed', `${name}: ${detail}`);
});

test.serial('only sampling_matters and mining losses move the stream', async (t) => {
  const engine = await chooseEngine({ useGpu: false, engine: 'wasm' });
  const moved = (changes: Partial<ModelConfiguration>): boolean => {
    const stream = new RandomStream(1, 'draws');
    const before = stream.state();
    const configuration = { ...model, ...changes };
    const loss = makeEmbeddingLoss(configuration, false, engine, stream);
    loss.value(rows, 9, 5, supervisions[losses[configuration.loss_type].supervision]);
    t.deepEqual(loss.state() ?? stream.state(), stream.state());
    return before.some((x, i) => x !== stream.state()[i]);
  };
  const drawing = Object.keys(losses).filter((loss_type) => moved({ loss_type: loss_type as LossType }));
  t.deepEqual(drawing, ['sampling_matters']);
  t.true(moved({ loss_type: 'rkd', batch_mining: 'relaxed_sampling_matters' }));
  t.true(moved({ loss_type: 'stmr', batch_mining: 'relaxed_sampling_matters' }));
});
