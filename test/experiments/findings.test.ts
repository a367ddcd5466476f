import test from 'ava';
import { findings, findingsPage, type CollectedRow } from '../../src/experiments/index.js';
import { before, pairsWords } from '../../src/experiments/findings/rows.js';

function row(name: string, values: readonly number[], features?: number): CollectedRow {
  const runs = values.map((value, split) => ({
    version: `v~${split}`,
    repetition: 0,
    seed: 0,
    value,
    ...(features !== undefined && { features }),
  }));
  return { data: 'yummly', name, metric: 'FCT, test', n: values.length, runs } as unknown as CollectedRow;
}

test('a family of comparisons is corrected together and told in sentences', (t) => {
  const reference = row('ste', [0.5, 0.51, 0.52, 0.53, 0.54, 0.55]);
  const clear = row('rkd', [0.6, 0.612, 0.621, 0.628, 0.643, 0.65]);
  const same = row('stmr', [0.501, 0.509, 0.521, 0.529, 0.541, 0.549]);
  const [first, second] = pairsWords([[clear, reference], [same, reference]]); // prettier-ignore
  // all six one way: p = 2 / 2^6, doubled by Holm
  t.regex(first, /^yummly, rkd against ste: FCT, test differs by 0\.101 .*, higher on 6 of 6 pairs; p \.031 by the paired sign-flip permutation test, \.063 by Holm's correction for 2 comparisons: no significant difference/); // prettier-ignore
  t.regex(second, /^yummly, stmr against ste: .*it is smaller than \.01, by two one-sided t tests\.$/);
  t.regex(
    pairsWords([[clear, reference]])[0],
    /p \.031 by the paired sign-flip permutation test: a significant difference\.$/,
  );
});

test('what training adds is held against the same runs before it', (t) => {
  const [words] = pairsWords([[row('rkd', [0.8, 0.7], 0.75), before(row('rkd', [0.8, 0.7], 0.75), 'features')]]); // prettier-ignore
  t.regex(
    words,
    /^yummly, rkd against the features alone: FCT, test differs by 0\.000, (lower|higher) on 1 of 2 pairs/,
  );
});

test('every claim of the page says what runs say or that there is none, and what they cannot say', (t) => {
  const found = findings();
  t.true(found.length >= 6 && found.every(({ cannot }) => cannot.some((sentence) => sentence !== '')));
  const page = findingsPage([{ claim: 'C.', says: [], cannot: ['Nothing.', ''] }]);
  t.regex(page, /## C\.\n\nNo run yet\.\n\nWhat these runs cannot say:\n\n- Nothing\.\n$/);
});
