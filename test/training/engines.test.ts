import test, { type ExecutionContext } from 'ava';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { train } from '../../src/training/index.js';
import { temporaryFolder } from '../command-line.js';
import { fastEngines, testedEngines } from '../engine/tested-engines.js';

/** The losses of a short training on each engine are those of the first. */
async function compareCurves(t: ExecutionContext, engines: readonly string[], overrides: string[]): Promise<void> {
  const curves: number[][] = [];
  for (const engine of engines) {
    const base = temporaryFolder();
    const [record] = await train(
      loadTrainingConfiguration('configurations/synthetic/synthetic_d_ste.yaml', [`engine=${engine}`, ...overrides]),
      { base },
    );
    t.is(record.engine['name'], engine);
    curves.push(record.epochs.flatMap(({ training_loss, validation_loss }) => [training_loss, validation_loss]));
    rmSync(base, { recursive: true });
  }
  for (const [i, curve] of curves.entries())
    curve.forEach((value, at) => {
      const expected = curves[0][at];
      t.true(Math.abs(value - expected) < 2e-3 * Math.abs(expected), `${engines[i]}, ${at}: ${value}, not ${expected}`);
    });
}

const run = (engines: readonly string[]) => (engines.length > 1 ? test.serial : test.serial.skip);

// with wasm, too, where the suites are asked for another engine alone
const compared = ['wasm', ...fastEngines.filter((engine) => engine !== 'wasm')];

run(compared)('the same training gives the same curve to rounding on each engine (needs npm run build:torch)', (t) =>
  compareCurves(t, compared, [
    'dataset.num_items=40',
    'dataset.num_training_triplets=48',
    'dataset.batch_size=24',
    'optimization.num_training_epochs=3',
    'optimization.num_batches_per_epoch=2',
  ]),
);

const slow = testedEngines.filter((engine) => !fastEngines.includes(engine));

run(['wasm', ...slow])(
  'a tiny training gives the same curve on WebGPU without a GPU (with the long tests; needs Chromium)',
  (t) =>
    compareCurves(
      t,
      ['wasm', ...slow],
      [
        'preprocessing.image_size=8',
        'dataset.num_items=16',
        'dataset.num_training_triplets=12',
        'dataset.batch_size=6',
        'optimization.num_training_epochs=2',
        'optimization.num_batches_per_epoch=1',
      ],
    ),
);

test('an interrupted network goes on with the version of the engine that it was begun on, and a teacher with any', async (t) => {
  const base = temporaryFolder();
  t.teardown(() => {
    rmSync(base, { recursive: true });
  });
  for (const [at, name] of ['synthetic_d_ste', 'synthetic_p_ste'].entries()) {
    const small = ['dataset.num_items=16', 'dataset.num_triplets=600', 'dataset.batch_size=6', 'engine=wasm', `run.id=${at + 1}`]; // prettier-ignore
    const short = name.includes('_d_') ? ['preprocessing.image_size=8', 'optimization.num_batches_per_epoch=1'] : [];
    const config = loadTrainingConfiguration(`configurations/synthetic/${name}.yaml`, [
      ...small,
      ...short,
      'optimization.num_training_epochs=2',
    ]);
    const stop = new AbortController();
    const onEpoch = () => {
      stop.abort();
    };
    await t.throwsAsync(train(config, { base, signal: stop.signal, onEpoch }), { name: 'UsageError' });
    // the record of another version of the engine
    const file = join(base, config.run.output_directory_name, `run-000${at + 1}`, 'run.json');
    const text = readFileSync(file, 'utf8');
    const { engine } = JSON.parse(text) as { engine: { version: string } };
    writeFileSync(file, text.replace(/("engine": \{[^}]*"version": ")[^"]*"/, '$14.0.0"'));
    if (name.includes('_d_')) {
      await t.throwsAsync(train(config, { base }), {
        message: new RegExp(
          `run-0001 holds a run that was begun on wasm 4\\.0\\.0; here it would go on on wasm ${engine.version}: use the same version \\(src/engine/README.md says what it depends on\\), choose another run.id, or remove the folder$`,
        ),
      });
      writeFileSync(file, text);
    }
    const [{ status }] = await train(config, { base });
    t.is(status, 'finished');
  }
});
