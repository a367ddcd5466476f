import { chosenEngines, stepTarget } from './engines.js';
import { networks, SIDE } from './network.js';
import { networkRounds, wholeStep } from './network-rounds.js';
import { compared, isQuick, listOf, medianOf, numberOf, Rows, type Options, type Report } from './report.js';
import { limitsOf } from './rounds.js';

// Training steps of the networks with rkd on pictures of 224 x 224, batch normalisation frozen: one piece of a batch in
// turns with PyTorch eager on as many threads, and the whole step of a batch of the paper's size, in pieces. Options:
// networks=ResNet50,ViTS engines=wasm rows=8 whole=172 (no: none) rounds=3 seconds=120 (for each row).

/** More pictures would not fit beside PyTorch, which keeps a whole batch. */
const defaults = { rows: 8, whole: 172, rounds: 3, seconds: 120 };
const quick = { rows: 2, whole: 2, rounds: 1 };
/** Networks for which a ratio is wanted. */
const wanted = ['ResNet50', 'ViTS'];

/** Milliseconds a picture, and peak memory. */
export async function benchmarkSteps(options: Options): Promise<Report> {
  const chosen = listOf(options, 'networks', networks, networks, ['ResNet50']);
  const count = numberOf(options, 'rows', defaults.rows, quick.rows);
  const notes = new Set(['random weights; forward, loss, backward and Adam; threads as many as cores']);
  const limits = limitsOf(options, notes, defaults, quick);
  const rows = new Rows();
  for (const engine of await chosenEngines(options, notes)) {
    for (const name of chosen) {
      const question = { engine, name, rows: count, together: count };
      const { ours, theirs } = await networkRounds(question, 'step', limits);
      const seconds = ours.map((one) => one.seconds);
      rows.add({
        step: `${name}, ${count} pictures of ${SIDE} x ${SIDE}`,
        engine,
        'ms a picture': (1000 * medianOf(ours, 'seconds')) / count,
        'peak MiB': ours.at(-1)!.peakMiB,
        ...(theirs.length > 0 && {
          'PyTorch ms': (1000 * medianOf(theirs, 'seconds')) / count,
          'its peak MiB': theirs.at(-1)!.peakMiB,
        }),
        ...compared(seconds, theirs.map((one) => one.seconds), wanted.includes(name) ? stepTarget(engine) : undefined), // prettier-ignore
      });
    }
    if (options['whole'] === 'no') continue;
    const whole = numberOf(options, 'whole', defaults.whole, quick.whole);
    const found = await wholeStep(engine, chosen[0], whole);
    rows.add({
      step: `${chosen[0]}, rkd, whole step of ${whole}, ${found.piece} at a time`,
      engine,
      'ms a picture': (1000 * found.seconds) / whole,
      'peak MiB': found.peakMiB,
    });
  }
  if (isQuick(options)) notes.add('quick: the numbers mean nothing');
  return { rows: rows.rows, notes: [...notes] };
}
