import { ourChild } from './child.js';
import { chosenEngines } from './engines.js';
import { networks, SIDE } from './network.js';
import type { Answer } from './network-child.js';
import type { Profile } from './profiled.js';
import { isQuick, listOf, numberOf, Rows, type Options, type Report } from './report.js';
import { median } from './statistics.js';

// The ten most expensive operations of a training step on each engine, by kernel of TensorFlow.js. Options:
// networks=ResNet50,ViTS engines=wasm rows=8 rounds=3 (of which the step in the middle is shown).

const TOP = 10;
const defaults = { rows: 8, rounds: 3 };
const quick = { rows: 2, rounds: 1 };

/** The step whose time is the median, or just below. */
function middle(profiles: readonly Profile[]): Profile {
  const time = median(profiles.map(({ milliseconds }) => milliseconds));
  const below = profiles.filter(({ milliseconds }) => milliseconds <= time);
  return below.reduce((best, one) => (one.milliseconds > best.milliseconds ? one : best));
}

/** Milliseconds, share of the step and number of calls of the dearest kernels. */
export async function benchmarkProfile(options: Options): Promise<Report> {
  const chosen = listOf(options, 'networks', networks, ['ResNet50', 'ViTS'], ['ResNet50']);
  const count = numberOf(options, 'rows', defaults.rows, quick.rows);
  const rounds = numberOf(options, 'rounds', defaults.rounds, quick.rounds);
  const notes = new Set([
    'own time of the kernels, without those they call; rkd itself is no kernel of TensorFlow.js and counts as outside',
    'on a GPU: the time to launch them',
  ]);
  const rows = new Rows();
  for (const engine of await chosenEngines(options, notes))
    for (const name of chosen) {
      const question = { engine, name, rows: count, together: count };
      const child = ourChild('network-child.ts');
      const profiles: Profile[] = [];
      try {
        await child.ask({ ...question, task: 'start' });
        await child.ask({ ...question, task: 'step' });
        for (let round = 0; round < rounds; round++)
          profiles.push((await child.ask<Answer>({ ...question, task: 'profile' })).profile!);
      } finally {
        await child.close();
      }
      const { milliseconds: all, costs } = middle(profiles);
      const within = costs.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      const rest = costs.slice(TOP);
      const add = (operation: string, milliseconds: number, calls?: number): void => {
        const step = `${name}, ${count} pictures of ${SIDE} x ${SIDE}`;
        rows.add({ step, engine, operation, 'ms a step': milliseconds, '% of it': (100 * milliseconds) / all, calls });
      };
      for (const { kernel, milliseconds, calls } of costs.slice(0, TOP)) add(kernel, milliseconds, calls);
      add(`${rest.length} others`, rest.reduce((sum, { milliseconds }) => sum + milliseconds, 0), rest.reduce((sum, { calls }) => sum + calls, 0)); // prettier-ignore
      add('outside of kernels', all - within);
      add('the whole step', all);
    }
  if (isQuick(options)) notes.add('quick: the numbers mean nothing');
  return { rows: rows.rows, notes: [...notes] };
}
