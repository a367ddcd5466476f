import { engines } from '../../src/engine/providers.js';
import type { Engine } from '../../src/engine/types.js';
import { describeEngines } from '../../src/engine/index.js';
import { ourChild } from './child.js';
import { listOf, type Options } from './report.js';

export type EngineName = keyof typeof engines;

const names = Object.keys(engines) as EngineName[];

/** One that is there to check the others by; it takes minutes where they take seconds. */
const SLOW: EngineName = 'javascript';

/**
 * The engines of `engines=a,b` (default: all but `javascript`) that work here; why others do not goes into the notes.
 *
 * They are tried in a process of their own, so that none of them computes in this one.
 */
export async function chosenEngines(options: Options, notes: Set<string>): Promise<EngineName[]> {
  const wanted = listOf(options, 'engines', names, names.filter((name) => name !== SLOW)); // prettier-ignore
  const child = ourChild('engines-child.ts');
  const reports = await child.ask<Awaited<ReturnType<typeof describeEngines>>>({});
  await child.close();
  const found = new Map(reports.map((report) => [report.name, report]));
  return wanted.filter((name) => {
    const { works, reason, version, device, threads } = found.get(name)!;
    notes.add(works ? `${name}: ${version} on ${device}, threads: ${threads}` : `${name}: passed over; ${reason}`);
    return works;
  });
}

/** The least ratio to PyTorch that is wanted of a training step. */
export const stepTarget = (engine: string): number => (engine.startsWith('torch') ? 1 : 1 / 6);

export type { Engine };
