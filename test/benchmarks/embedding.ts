import { chosenEngines } from './engines.js';
import { networks, SIDE } from './network.js';
import { networkRounds } from './network-rounds.js';
import { compared, isQuick, listOf, medianOf, numberOf, Rows, type Options, type Report } from './report.js';
import { limitsOf } from './rounds.js';

// Pictures of 224 x 224 that a network embeds a second, in turns with PyTorch (inference mode) on as many threads; reading
// pictures is the benchmark `pictures`. Options: networks=ResNet50,ViTS engines=wasm rows=16 rounds=5 seconds=60.

/** As many as `evaluate` and `save-embeddings` take at once. */
const defaults = { rows: 16, rounds: 5, seconds: 60 };
const quick = { rows: 2, rounds: 1 };

/** Pictures a second, without gradients. */
export async function benchmarkEmbedding(options: Options): Promise<Report> {
  const chosen = listOf(options, 'networks', networks, networks, ['ResNet50']);
  const count = numberOf(options, 'rows', defaults.rows, quick.rows);
  const notes = new Set(['random weights; pictures in memory']);
  const limits = limitsOf(options, notes, defaults, quick);
  const rows = new Rows();
  for (const engine of await chosenEngines(options, notes))
    for (const name of chosen) {
      const { ours, theirs } = await networkRounds({ engine, name, rows: count, together: count }, 'embed', limits);
      const [own, other] = [ours, theirs].map((side) => side.map((one) => one.seconds));
      rows.add({
        embedding: `${name}, ${count} pictures of ${SIDE} x ${SIDE}`,
        engine,
        'pictures/s': count / medianOf(ours, 'seconds'),
        'peak MiB': ours.at(-1)!.peakMiB,
        ...(theirs.length > 0 && {
          'PyTorch, pictures/s': count / medianOf(theirs, 'seconds'),
          'its peak MiB': theirs.at(-1)!.peakMiB,
        }),
        ...compared(own, other),
      });
    }
  if (isQuick(options)) notes.add('quick: the numbers mean nothing');
  return { rows: rows.rows, notes: [...notes] };
}
