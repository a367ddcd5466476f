import { dirname } from 'node:path';
import { metricWords } from '../../catalogue/metric-words.js';
import { UsageError } from '../../errors.js';
import { alignColumns } from '../../experiments/status/align-columns.js';
import { displayRun, readRunRecord, runFolders, type RunRecord } from '../../training/index.js';
import { localTime, stateOf } from './state.js';

function cells(folder: string, record: RunRecord): string[] {
  const { id, configuration, epochs, best, updated } = record;
  const { model, dataset, optimization } = configuration;
  return [
    String(id),
    dataset.name,
    model.name,
    model.loss_type,
    `${epochs.length} of ${optimization.num_training_epochs}`,
    best === null ? '-' : `${best.value.toFixed(4)} ${best.metric}`,
    localTime(updated),
    stateOf(folder, record),
  ];
}

const HEAD = ['run', 'data', 'network', 'loss', 'epochs', 'best', 'when', 'state'];

/** Reads a record, or says on its row why it cannot be read. */
function row(folder: string): { cells: string[]; metric?: string } {
  try {
    const record = readRunRecord(folder);
    return { cells: cells(folder, record), ...(record.best && { metric: record.best.metric }) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { cells: [displayRun(folder), error.message] };
  }
}

/**
 * Lists all runs below a folder, each folder of runs under its path, the latest last.
 *
 * @throws UsageError where there are none
 */
export function listRuns(root: string): string {
  const folders = runFolders(root);
  if (folders.length === 0) throw new UsageError(`no runs below ${root}; train one, or name another folder by --in`);
  const places = [...new Set(folders.map((folder) => dirname(folder)))];
  const all = places.map((place) => folders.filter((folder) => dirname(folder) === place).map(row));
  const metrics = new Set(all.flat().flatMap(({ metric }) => (metric === 'FCT' ? `${metricWords(metric)}\n` : [])));
  // all tables share their columns
  const lines = alignColumns([HEAD, ...all.flat().map((one) => one.cells)]).split('\n');
  let at = 1;
  const tables = places.map((place, i) => {
    const rows = lines.slice(at, (at += all[i].length));
    return [`${displayRun(place)}:`, lines[0], ...rows].join('\n');
  });
  return [...metrics].join('') + tables.join('\n\n');
}
