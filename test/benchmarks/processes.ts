import { threadCount } from '../../src/engine/machine.js';
import { ourChild } from './child.js';
import { chosenEngines } from './engines.js';
import { networks, SIDE } from './network.js';
import type { Answer } from './network-child.js';
import { compared, isQuick, listOf, medianOf, numberOf, Rows, type Options, type Report } from './report.js';
import { inTurns, limitsOf } from './rounds.js';

// A training step whose pictures several processes share, one for each core, in turns with one process on all cores: the
// same pieces of eight. Options: networks=ResNet50 engines=wasm rows=32 rounds=3 seconds=180 (for each row).

const defaults = { rows: 32, rounds: 3, seconds: 180 };
const quick = { rows: 4, rounds: 1 };
const PIECE = 8;

/** Milliseconds a picture, shared and alone. */
export async function benchmarkProcesses(options: Options): Promise<Report> {
  const rows = numberOf(options, 'rows', defaults.rows, quick.rows);
  const notes = new Set(['processes: as many as cores, a thread each']);
  const limits = limitsOf(options, notes, defaults, quick);
  const all = new Rows();
  const processes = Math.max(2, threadCount());
  for (const engine of await chosenEngines(options, notes))
    for (const name of listOf(options, 'networks', networks, ['ResNet50'])) {
      const question = { engine, name, rows, together: Math.min(PIECE, Math.ceil(rows / processes)) };
      const [shared, alone] = [ourChild('network-child.ts'), ourChild('network-child.ts')];
      try {
        await shared.ask({ ...question, processes, task: 'start' });
        await alone.ask({ ...question, task: 'start' });
        for (const child of [shared, alone]) await child.ask({ ...question, task: 'step' }); // warms up
        const { ours, theirs } = await inTurns(
          () => shared.ask<Answer>({ ...question, task: 'step' }),
          () => alone.ask<Answer>({ ...question, task: 'step' }),
          limits,
        );
        all.add({
          shared: `${name}, ${rows} pictures of ${SIDE} x ${SIDE}, ${processes} processes`,
          engine,
          'ms a picture': (1000 * medianOf(ours, 'seconds')) / rows,
          'one process': (1000 * medianOf(theirs, 'seconds')) / rows,
          ...compared(
            ours.map(({ seconds }) => seconds),
            theirs.map(({ seconds }) => seconds),
          ),
        });
      } finally {
        await Promise.all([shared.close(), alone.close()]);
      }
    }
  if (isQuick(options)) notes.add('quick: the numbers mean nothing');
  return { rows: all.rows, notes: [...notes] };
}
