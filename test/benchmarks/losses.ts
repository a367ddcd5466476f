import { chooseEngine } from '../../src/engine/index.js';
import { lossCases, lossLabel } from './loss-cases.js';
import { leastTime, lossCall, lossRounds } from './loss-rounds.js';
import { chosenEngines } from './engines.js';
import { compared, isQuick, listOf, Rows, type Options, type Report } from './report.js';
import { limitsOf } from './rounds.js';
import { median } from './statistics.js';

// Value and gradient of each loss at the batch sizes of the configurations, in processor time of one thread: fused where
// there is such a form, else by tensor operations, in turns with plain PyTorch as the original computes them; and by
// tensor operations alone (of one teacher). Options: losses=rkd,stmr tensors=no engines=wasm rounds=3 seconds=60.

const defaults = { rounds: 3, seconds: 60, milliseconds: 300 };
const quick = { rounds: 1, seconds: 1, milliseconds: 1 };

/** Milliseconds a call. */
export async function benchmarkLosses(options: Options): Promise<Report> {
  process.env['TRIPLETLAB_THREADS'] = '1';
  const names = [...new Set(lossCases.map(({ name }) => name))];
  const chosen = listOf(options, 'losses', names, names, ['stmr', 'relaxed_infonce', 'ste', 'contrastive']);
  const notes = new Set(['milliseconds of processor time, one thread on both sides']);
  const limits = limitsOf(options, notes, defaults, quick);
  const milliseconds = isQuick(options) ? quick.milliseconds : defaults.milliseconds;
  const rows = new Rows();
  for (const engine of await chosenEngines(options, notes)) {
    await chooseEngine({ useGpu: false, engine });
    for (const given of lossCases.filter(({ name }) => chosen.includes(name))) {
      const tensors = options['tensors'] !== 'no' && given.teachers < 2;
      const isFused = lossCall(given).fused !== undefined;
      if (isFused && rows.rows.some((row) => row['loss'] === lossLabel(given) && row['by'] === 'fused')) {
        // beside every engine the same: here its tensor operations alone
        if (tensors) rows.add({ loss: lossLabel(given), by: engine, ms: leastTime(lossCall(given, true).call, 0) });
        continue;
      }
      const { ours, theirs, theirPeakMiB, bytes } = await lossRounds(given, limits, milliseconds);
      rows.add({
        loss: lossLabel(given),
        by: isFused ? 'fused' : engine,
        ms: median(ours),
        MiB: bytes && bytes / 2 ** 20,
        ...(theirs.length > 0 && { 'PyTorch ms': median(theirs), 'its peak MiB': theirPeakMiB }),
        ...compared(ours, theirs, given.target),
      });
      if (isFused && tensors)
        rows.add({ loss: lossLabel(given), by: engine, ms: leastTime(lossCall(given, true).call, 0) });
    }
  }
  notes.add('PyTorch does not compute rkd of 284 rows or of several teachers here: tens of GB; nor what is drawn');
  return { rows: rows.rows, notes: [...notes] };
}
