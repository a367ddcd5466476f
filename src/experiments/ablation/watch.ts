import { duration, runKey, type RunRecord } from '../../training/index.js';
import { recordOf } from '../jobs/result.js';
import { tableStatus } from '../status/status.js';
import type { Ablation } from './ablation.js';

/** A value, and the records of its runs so far. */
export interface VariantRecords {
  readonly name: string;
  readonly records: readonly RunRecord[];
}

/** The state of an ablation that is still running, for live curves. */
export interface FollowedAblation {
  /** Returns the compared runs of each value: those on disk, updated by those received since. */
  readonly groups: () => VariantRecords[];
  /** Receives the records of an update. */
  readonly take: (records: readonly RunRecord[]) => void;
  /** To be called when a job ends. */
  readonly ended: () => void;
  /** Returns `12 of 60 jobs done, 1:20 left`, as of the last job that ended. */
  readonly progress: () => string;
}

/** Watches an ablation: reads the records that exist, and then receives updates. */
export function watchAblation(ablation: Ablation): FollowedAblation {
  const { variants, folder } = ablation;
  const known = new Map<string, RunRecord>();
  let progress = progressOf(ablation);
  for (const { draws } of variants)
    for (const { compared } of draws) {
      const record = recordOf(compared, folder);
      if (record !== undefined) known.set(runKey(compared), record);
    }
  return {
    groups: () =>
      variants.map(({ name, draws }) => ({
        name,
        records: draws.flatMap(({ compared }) => known.get(runKey(compared)) ?? []),
      })),
    take: (records) => {
      for (const record of records) known.set(runKey(record.configuration), record);
    },
    ended: () => {
      progress = progressOf(ablation);
    },
    progress: () => progress,
  };
}

function progressOf(ablation: Ablation): string {
  const { jobs, left, atLeast } = tableStatus(ablation);
  const done = jobs.filter(({ state }) => state === 'done').length;
  const time = done === jobs.length || left === null ? '' : `, ${atLeast ? 'at least ' : ''}${duration(left)} left`;
  return `${done} of ${jobs.length} jobs done${time}`;
}
