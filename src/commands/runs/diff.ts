import { alignColumns } from '../../experiments/status/align-columns.js';
import { displayRun, flattened, type RunRecord } from '../../training/index.js';
import { stateOf } from './state.js';

/** A run that was found. */
interface FoundRun {
  readonly folder: string;
  readonly record: RunRecord;
}

/** Returns what is compared beside the settings. */
function results({ folder, record }: FoundRun): [string, string][] {
  const { best, epochs, seconds, engine, versions, inputs = {} } = record;
  return [
    ['state', stateOf(folder, record)],
    ['best', best === null ? '-' : `${best.value.toFixed(4)} ${best.metric}`],
    ['best epoch', String(best?.epoch ?? '-')],
    ['epochs', String(epochs.length)],
    ['seconds', seconds.toFixed(1)],
    ['engine', String(engine['name'])],
    ['version', String(versions['tripletlab'])],
    ...Object.entries(inputs).map(([kind, digest]): [string, string] => [`data: ${kind.replace('_', ' ')}`, digest]),
  ];
}

function differing(first: readonly [string, string][], second: readonly [string, string][]): string[][] {
  const [a, b] = [new Map(first), new Map(second)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => a.get(key) !== b.get(key))
    .map((key) => [key, a.get(key) ?? '-', b.get(key) ?? '-']);
}

/** Compares two runs: the settings in which they differ, and then the results; equal ones are left out. */
export function runDifferences(first: FoundRun, second: FoundRun): string {
  const settings = differing(flattened(first.record.configuration), flattened(second.record.configuration));
  const found = differing(results(first), results(second));
  if (settings.length + found.length === 0) return 'no difference in settings and results';
  const head = ['', displayRun(first.folder), displayRun(second.folder)];
  return alignColumns([head, ...settings, ...(found.length === 0 ? [] : [['']]), ...found]);
}
