import test from 'ava';
import { loadConfiguration } from '../../src/configuration/index.js';
import { UsageError } from '../../src/errors.js';

const file = 'configurations/synthetic/synthetic_p_ste.yaml';

/** Slips of the keyboard, in each key that sizes something, and the most that is taken. */
const slips: readonly [key: string, value: string, most: number][] = [
  ['model.embedding_size', '2000000000', 65_536],
  ['num_repetitions', '100000000', 1000],
  ['dataset.batch_size', '3000000000', 10_000_000],
  ['optimization.num_training_epochs', '1000000000000', 1_000_000],
  ['optimization.num_batches_per_epoch', '1000000000000', 100_000_000],
  ['num_processes', '100000', 1024],
  ['run.id', '99999999999', 1_000_000_000],
];

test('sizes that no machine can take are refused by the schema, with the most that is taken', (t) => {
  for (const [key, value, most] of slips) {
    const error = t.throws(() => loadConfiguration(file, [`${key}=${value}`]), { instanceOf: UsageError }, key);
    t.regex(error.message, new RegExp(`^invalid ${key}: ${value}; .*an integer of at most ${most}$`));
    t.throws(() => loadConfiguration(file, [`${key}=${most + 1}`]), { instanceOf: UsageError }, key);
  }
  for (const key of ['run.id', 'num_repetitions', 'model.embedding_size'])
    t.notThrows(() => loadConfiguration(file, [`${key}=${slips.find(([name]) => name === key)![2]}`]), key);
});
