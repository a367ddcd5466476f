import { answer } from './child.js';
import { peakMiB } from './machine.js';
import { Network, type NetworkName } from './network.js';
import { profiled, type Profile } from './profiled.js';

// A network on an engine, in a process of its own: its peak of memory is the network's.

export interface Question {
  /** First `start`, then any other. */
  readonly task: 'start' | 'step' | 'embed' | 'profile';
  readonly engine: string;
  readonly name: NetworkName;
  readonly rows: number;
  readonly together?: number;
  readonly processes?: number;
}

export interface Answer {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly piece: number;
  readonly profile?: Profile;
}

let network: Network | undefined;

void answer(async ({ task, engine, name, rows, together, processes }: Question): Promise<Answer> => {
  const start = performance.now();
  if (task === 'start') network = await Network.start(engine, name, rows, together, processes);
  let seconds = (performance.now() - start) / 1000;
  let profile: Profile | undefined;
  if (task === 'step') seconds = await network!.step();
  if (task === 'embed') seconds = await network!.embed();
  if (task === 'profile') profile = await profiled(() => network!.step());
  return { seconds, peakMiB: peakMiB(), piece: network!.piece, ...(profile && { profile }) };
});
