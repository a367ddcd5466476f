import { readFileSync } from 'node:fs';
import test from 'ava';
import { assertParameters, type ParameterValues } from '../../src/catalogue/loss-checks.js';
import { lossParameters } from '../../src/catalogue/loss-parameters.js';
import { losses, type LossParameters, type LossType } from '../../src/catalogue/losses.js';
import { namesOf } from '../../src/catalogue/names.js';
import { UsageError } from '../../src/errors.js';
import { tensorLoss, ste, triplet, type TripletLoss } from '../../src/losses/index.js';
import { FusedLoss } from '../../src/losses/kernels/index.js';
import { makeLoss, type Registry } from '../../src/losses/registry.js';
import { RandomStream } from '../../src/random/stream.js';

const plain = (text: string) => text.replaceAll(/\n \* ?/g, ' ').replaceAll('*', '');

test("a loss's file has its name in the configurations, and names the paper of the catalogue", (t) => {
  for (const [name, { paper }] of Object.entries(losses)) {
    const text = plain(readFileSync(`src/losses/${name.replaceAll('_', '-')}.ts`, 'utf8'));
    const ofAnother = text.includes('After ') && !text.includes(paper);
    t.false(ofAnother, `${name}: the file is after another paper than ${paper}`);
  }
});

test('every parameter is read by a loss, and has a meaning', (t) => {
  const read = new Set(Object.values(losses).flatMap(({ parameters }) => Object.keys(parameters)));
  t.deepEqual(
    namesOf(lossParameters).filter((key) => !read.has(key)),
    [],
  );
  for (const [key, schema] of Object.entries(lossParameters)) t.truthy(schema.description, key);
});

test('both forms of a loss refuse parameters that it lacks or does not take', (t) => {
  const wrong: readonly [LossType, ParameterValues, string][] = [
    ['mtt', { margin: 1 }, 'missing teacher_margin; loss_type mtt needs it'],
    ['infonce', { tau: 0 }, 'invalid tau: 0; a finite number above 0'],
    ['infonce', { tau: 'warm' }, 'invalid tau: warm; a finite number'],
    ['contrastive', { margin_positive: NaN, margin_negative: 1 }, 'invalid margin_positive: NaN; a finite number'],
    ['stmr', { tau: 5, beta: 0 }, 'invalid beta: 0; loss_type stmr divides by it'],
    ['rkd', { batch_mining: 'sampling' }, 'unknown batch_mining: sampling; one of: relaxed_sampling_matters'],
    [
      'relaxed_triplet',
      { triplet_weight_type: 'from_source_triplets', margin: 1, tau: 1 },
      'missing margin2; loss_type relaxed_triplet needs it',
    ],
  ];
  for (const [name, parameters, message] of wrong) {
    t.throws(() => tensorLoss(name, parameters, true), { instanceOf: UsageError, message });
    t.throws(() => new FusedLoss(name, parameters), { instanceOf: UsageError, message });
  }
  t.notThrows(() => assertParameters('rkd', { batch_mining: null, tau: -1 }), 'keys of other losses are ignored');
  t.notThrows(() => new FusedLoss('stmr', { tau: 5, beta: 1, batch_mining: 'relaxed_sampling_matters' }, new RandomStream(0, 'draws'))); // prettier-ignore
});

// The compiler checks these: `npm run typecheck` fails where an error that is expected is none.
test('the types of parameters and registries follow from the catalogue', (t) => {
  const facenet: LossParameters<'relaxed_facenet'> = {
    triplet_weight_type: 'from_source_pairs2',
    margin: 1,
    tau: 1,
    semihard_loss_threshold: 0,
  };
  // @ts-expect-error: relaxed_triplet takes no weights by squares
  const relaxed: LossParameters<'relaxed_triplet'> = facenet;
  // @ts-expect-error: ste needs tau
  const none: LossParameters<'ste'> = { exact_log_softmax: true };
  // @ts-expect-error: a registry has every loss
  const one: Registry<'ste' | 'triplet', boolean, TripletLoss> = { ste };
  // @ts-expect-error: each of its own parameters
  const swapped: Registry<'ste' | 'triplet', boolean, TripletLoss> = { ste: triplet, triplet: ste };
  const both: Registry<'ste' | 'triplet', boolean, TripletLoss> = { ste, triplet };
  t.is(typeof makeLoss(both, 'ste', { tau: 1 }, true), 'function');
  t.throws(() => makeLoss(both, 'ckl', { mu: 1 }, true), { message: /^unknown loss_type: ckl; / });
  t.deepEqual([relaxed.margin, none.exact_log_softmax, 'triplet' in one, swapped.ste], [1, true, false, triplet]);
});
