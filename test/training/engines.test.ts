import test from 'ava';
import { rmSync } from 'node:fs';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { train } from '../../src/training/index.js';
import { temporaryFolder } from '../command-line.js';
import { testedEngines } from '../engine/tested-engines.js';

const several = testedEngines.length > 1 ? test : test.skip;

several('the same training gives the same curve to rounding on each engine (needs npm run build:torch)', async (t) => {
  const curves: number[][] = [];
  for (const engine of testedEngines) {
    const base = temporaryFolder();
    const [record] = await train(
      loadTrainingConfiguration('configurations/synthetic/synthetic_d_ste.yaml', [
        `engine=${engine}`,
        'dataset.num_items=40',
        'dataset.num_training_triplets=48',
        'dataset.batch_size=24',
        'optimization.num_training_epochs=3',
        'optimization.num_batches_per_epoch=2',
      ]),
      { base },
    );
    t.is(record.engine['name'], engine);
    curves.push(record.epochs.flatMap(({ training_loss, validation_loss }) => [training_loss, validation_loss]));
    rmSync(base, { recursive: true });
  }
  for (const [i, curve] of curves.entries())
    curve.forEach((value, at) => {
      const expected = curves[0][at];
      t.true(
        Math.abs(value - expected) < 2e-3 * Math.abs(expected),
        `${testedEngines[i]}, ${at}: ${value}, not ${expected}`,
      );
    });
});
