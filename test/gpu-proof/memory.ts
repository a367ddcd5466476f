import { ourChild } from '../benchmarks/child.js';
import type { Answer } from '../benchmarks/network-child.js';
import type { Context, Found, Part } from './part.js';

// 300 steps of a network at constant memory, on JavaScript's side and on the device's. The first half may still fill
// pools of memory.

/** MiB that a process's pools may still grow, and that other programs of the GPU may take meanwhile. */
const GROWTH = 64;

async function run({ engine, dry, signal }: Context): Promise<Found> {
  const [name, rows, steps] = dry ? (['ViTTi', 2, 60] as const) : (['ResNet50', 32, 300] as const);
  const child = ourChild('network-child.ts', {}, signal);
  const question = { engine, name, rows, together: rows };
  try {
    await child.ask({ ...question, task: 'start' });
    const seen: NonNullable<Answer['held']>[] = [];
    for (let i = 0; i < steps; i++) {
      await child.ask({ ...question, task: 'step' });
      if (i + 1 === steps / 2 || i + 1 === steps)
        seen.push((await child.ask<Answer>({ ...question, task: 'held' })).held!);
    }
    const [before, after] = seen;
    const rowsOf = (Object.keys(before) as (keyof typeof before)[]).map((key) => ({
      held: key,
      [`step ${steps / 2}`]: before[key],
      [`step ${steps}`]: after[key],
    }));
    const failures = rowsOf
      .map(({ held }) => held)
      .filter((key) => (after[key] ?? 0) - (before[key] ?? 0) > (key.endsWith('MiB') ? GROWTH : 0))
      .map((key) => `${key} grew from ${before[key]} to ${after[key]}`);
    return { rows: rowsOf, notes: [`${steps} steps of ${name} with ${rows} pictures`], failures };
  } finally {
    await child.close();
  }
}

export const memoryPart: Part = { name: 'memory', title: 'Constant memory', seconds: 90, run };
