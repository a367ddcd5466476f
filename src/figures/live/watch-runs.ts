import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ambientSignal } from '../../interruption.js';
import { readRunRecord, RECORD_FILE, type RunRecord } from '../../training/runs/run-record.js';
import { UsageError } from '../../errors.js';
import { type CurveOptions, trainingCurves } from '../plots/curves.js';
import { liveFigure } from './display.js';
import type { Figure } from '../figure.js';
import { runCurves } from '../plots/run-curves.js';

export interface WatchRunsOptions extends CurveOptions {
  /** Seconds between two readings of the folders. */
  every?: number;
  /** Seconds after which watching ends; by default it ends when no run is running. */
  seconds?: number;
}

/** Returns the folders of runs: each given one that has a record, or those in it that have one (`modeling/runs`). */
function runFolders(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    let entries: string[];
    try {
      entries = readdirSync(folder);
    } catch {
      return []; // it does not exist yet
    }
    if (entries.includes(RECORD_FILE)) return [folder];
    return entries
      .sort()
      .map((name) => join(folder, name))
      .filter((path) => {
        try {
          return readdirSync(path).includes(RECORD_FILE);
        } catch {
          return false;
        }
      });
  });
}

/** Reads the records that exist now; one that is not complete yet is left out until the next reading. */
export function readRuns(folders: string | readonly string[]): RunRecord[] {
  return runFolders([folders].flat()).flatMap((folder) => {
    try {
      return [readRunRecord(folder)];
    } catch (error) {
      if (error instanceof UsageError) return [];
      throw error;
    }
  });
}

/** Names the group of a run: runs of one configuration have the same name. */
function groupName({ configuration: { dataset, model }, configuration }: RunRecord): string {
  return `${dataset.name} ${model.name} ${model.loss_type}, rate ${configuration.optimization.initial_learning_rate}`;
}

/**
 * Draws curves of runs from their records, finished or not; runs of the same data, network, loss and rate form a group.
 */
export function recordedCurves(records: readonly RunRecord[], options: CurveOptions = {}): Figure {
  const groups = new Map<string, RunRecord[]>();
  for (const record of records) groups.set(groupName(record), [...(groups.get(groupName(record)) ?? []), record]);
  const running = records.filter(({ status }) => status === 'running').length;
  const title =
    options.title ??
    `${records.length} ${records.length === 1 ? 'run' : 'runs'}${running > 0 ? `, ${running} running` : ''}`;
  return trainingCurves(
    [...groups].map(([name, runs]) => ({
      name: runs.length > 1 ? `${name}, ${runs.length} runs` : name,
      runs: runs.map(runCurves),
    })),
    { ...options, title },
  );
}

/**
 * Shows the curves of runs in folders under the running cell, and updates them while other processes train. It only
 * reads the runs' records.
 *
 * Ends when there are runs and none of them is running, after `seconds`, or when the cell is interrupted.
 *
 * @param folders of runs, or folders of such folders (`modeling/runs`); they need not exist yet
 * @returns the last records read
 * @throws UsageError outside of a notebook
 */
export async function watchRuns(
  folders: string | readonly string[],
  options: WatchRunsOptions = {},
): Promise<RunRecord[]> {
  const { every = 1, seconds = Infinity, ...curves } = options;
  const live = liveFigure(recordedCurves([], curves));
  const signal = ambientSignal();
  const end = Date.now() + 1000 * seconds;
  for (;;) {
    const records = readRuns(folders);
    live.update(recordedCurves(records, curves));
    const done = records.length > 0 && records.every(({ status }) => status !== 'running');
    if (done || signal?.aborted || Date.now() >= end) return records;
    await new Promise((resolve) => setTimeout(resolve, Math.min(1000 * every, Math.max(0, end - Date.now()))));
  }
}
