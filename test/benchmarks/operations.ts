import { ourChild } from './child.js';
import { chosenEngines } from './engines.js';
import { compared, isQuick, Rows, type Options, type Report } from './report.js';
import { Rival } from './rival.js';
import { inTurns, limitsOf } from './rounds.js';
import { median } from './statistics.js';

// What an operation costs beside its computation: microseconds of operations on a handful of numbers, in turns with PyTorch.
// Options: engines=wasm rounds=7 seconds=20.

const defaults = { rounds: 7, seconds: 20 };
const quick = { rounds: 1 };

/** Operations and how often each is called in a round. */
const calls = { add: 2000, relu: 2000, reshape: 2000, sum: 2000, matMul: 2000, read: 2000, gradient: 300 };

interface Answer {
  readonly microseconds: number;
}

/** Microseconds an operation, its result released. */
export async function benchmarkOperations(options: Options): Promise<Report> {
  const notes = new Set([
    'add, relu, reshape, sum: of 4 numbers; matMul: 4 x 4; read: 4 numbers to the program; gradient: of sum(x x)',
    'one thread on both sides',
  ]);
  const limits = limitsOf(options, notes, defaults, quick);
  const rows = new Rows();
  for (const engine of await chosenEngines(options, notes)) {
    const child = ourChild('operations-child.ts', { TRIPLETLAB_THREADS: '1' });
    const rival = new Rival('operations.py', ['torch'], notes);
    try {
      for (const [operation, count] of Object.entries(calls)) {
        const question = { engine, operation, calls: isQuick(options) ? 50 : count };
        const ours = () => child.ask<Answer>(question);
        const theirs = () => rival.ask<Answer>(question, 'PyTorch');
        await Promise.all([ours(), theirs()]); // warms up
        const turns = await inTurns(ours, theirs, limits);
        const [own, other] = [turns.ours, turns.theirs].map((side) => side.map((one) => one.microseconds));
        const beside = other.length > 0 ? { 'PyTorch, microseconds': median(other) } : {};
        rows.add({ operation, engine, microseconds: median(own), ...beside, ...compared(own, other) });
      }
    } finally {
      await Promise.all([child.close(), rival.close()]);
    }
  }
  return { rows: rows.rows, notes: [...notes] };
}
