import { threadCount } from '../../src/engine/machine.js';
import { ourChild } from './child.js';
import { SIDE, WIDTH, type NetworkName } from './network.js';
import type { Answer, Question } from './network-child.js';
import { Rival } from './rival.js';
import { inTurns, type RoundsOptions, type Turns } from './rounds.js';

export interface Theirs {
  readonly seconds: number;
  readonly peakMiB: number;
}

/**
 * Steps or embeddings of one network by turns with PyTorch on the same device, both warm.
 *
 * @param loss PyTorch's; `rkd` as the original computes it takes n^3 d numbers
 * @param signal ends both at once
 */
export async function networkRounds(
  question: Omit<Question, 'task'>,
  task: 'step' | 'embed',
  options: RoundsOptions,
  loss: 'pairs' | 'rkd' = 'pairs',
  signal?: AbortSignal,
): Promise<Turns<Answer, Theirs>> {
  const { name, rows, engine, precision = 'float32' } = question;
  const child = ourChild('network-child.ts', {}, signal);
  const rival = new Rival('networks.py', ['torch', 'torchvision'], options.notes, process.env, signal);
  const about = `PyTorch's ${name}`;
  const device = engine.endsWith('cuda') ? 'cuda' : 'cpu';
  const given = { name, rows, width: WIDTH, side: SIDE, threads: threadCount(), device, precision, loss };
  const hasRival = name !== 'Inception';
  if (!hasRival) options.notes.add(`${about}: absent; torchvision has no BN-Inception`);
  try {
    const [, theirs] = await Promise.all([
      child.ask({ ...question, task: 'start' }),
      hasRival ? rival.ask({ ...given, task: 'start' }, about) : undefined,
    ]);
    await child.ask({ ...question, task }); // warms up
    if (theirs !== undefined) await rival.ask({ ...given, task }, about);
    return await inTurns(
      () => child.ask<Answer>({ ...question, task }),
      () => (hasRival ? rival.ask<Theirs>({ ...given, task }, about) : undefined),
      options,
    );
  } finally {
    await Promise.all([child.close(), rival.close()]);
  }
}

/** The whole step of a batch of the paper's size, once, without warming up: it shows the peak of memory. */
export async function wholeStep(engine: string, name: NetworkName, rows: number): Promise<Answer> {
  const child = ourChild('network-child.ts');
  try {
    await child.ask({ engine, name, rows, task: 'start' });
    return await child.ask<Answer>({ engine, name, rows, task: 'step' });
  } finally {
    await child.close();
  }
}
