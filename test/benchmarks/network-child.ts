import type { Precision } from '../../src/catalogue/engines.js';
import { answer } from './child.js';
import { peakMiB } from './machine.js';
import { Network, type Held, type NetworkName } from './network.js';
import { profiled, type Profile } from './profiled.js';

// A network on an engine, in a process of its own: its peak of memory is the network's.

export interface Question {
  /** First `start`, then any other. */
  readonly task: 'start' | 'step' | 'embed' | 'profile' | 'held';
  readonly engine: string;
  readonly name: NetworkName;
  readonly rows: number;
  readonly together?: number;
  readonly processes?: number;
  readonly precision?: Precision;
}

export interface Answer {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly piece: number;
  readonly profile?: Profile;
  readonly held?: Held;
}

let network: Network | undefined;

void answer(async ({ task, engine, name, rows, together, processes, precision }: Question): Promise<Answer> => {
  const start = performance.now();
  if (task === 'start') network = await Network.start(engine, name, rows, together, { processes, precision });
  let seconds = (performance.now() - start) / 1000;
  let profile: Profile | undefined;
  if (task === 'step') seconds = await network!.step();
  if (task === 'embed') seconds = await network!.embed();
  if (task === 'profile') profile = await profiled(() => network!.step());
  const held = task === 'held' ? network!.held() : undefined;
  return { seconds, peakMiB: peakMiB(), piece: network!.piece, ...(profile && { profile }), ...(held && { held }) };
});
