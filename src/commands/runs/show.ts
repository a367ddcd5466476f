import { metricWords } from '../../catalogue/metric-words.js';
import { isIndexModel } from '../../catalogue/models.js';
import { alignColumns } from '../../experiments/status/align-columns.js';
import { duration, flattened, type RunRecord } from '../../training/index.js';
import { localTime, stateOf } from './state.js';

/** The number of epochs that a page shows: the first, the last, and evenly between. */
const EPOCHS = 12;

const words = (facts: Readonly<Record<string, unknown>>): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');

function epochRows({ epochs, best }: RunRecord): string[][] {
  const step = Math.max(1, (epochs.length - 1) / (EPOCHS - 1));
  const chosen = new Set(epochs.map((_, i) => Math.round(i * step)).filter((i) => i < epochs.length));
  if (best !== null) chosen.add(best.epoch - 1);
  // a loss that is no number is null in the record
  const shown = (value: number | null): string => value?.toFixed(6) ?? '-';
  return [...chosen]
    .sort((a, b) => a - b)
    .flatMap((i) => epochs.at(i) ?? [])
    .map((one) => [
      String(one.epoch),
      shown(one.training_loss),
      shown(one.validation_loss),
      shown(one.metric),
      one.epoch === best?.epoch ? 'best' : '',
    ]);
}

/** Describes a run's record as a page: what came of it, its epochs, its settings, and what computed it. */
export function describeRun(record: RunRecord, folder: string): string {
  const { name, reason, configuration, best, epochs, seconds, started, updated, data, engine, machine } = record;
  const facts = [
    ['run', `${name} in ${folder}`],
    ['state', `${stateOf(folder, record)}${reason === undefined ? '' : `: ${reason}`}`],
    ['best', best === null ? '-' : `${best.value.toFixed(4)} at epoch ${best.epoch}, ${metricWords(best.metric)}`],
    ['epochs', `${epochs.length} of ${configuration.optimization.num_training_epochs}`],
    [
      'time',
      `${duration(seconds)} of training${isIndexModel(configuration.model.name) ? ', with the teachers that trained beside it' : ''}; ${localTime(started)} to ${localTime(updated)}`,
    ],
    ['data', `${data.root ?? 'drawn by code'}; ${words(data.counts)}`],
    ...(record.parts ?? []).map(({ kind, name: own, module, digest }) => [
      'part',
      `${kind} ${own} of ${module ?? 'a program'}, source ${digest}`,
    ]),
    ['engine', words(engine)],
    ['machine', words(machine)],
    ['versions', words(record.versions)],
    ...[...data.notes, ...record.notes].map((note) => ['note', note]),
  ];
  const metric = configuration.model.metric_mode.split('/')[0];
  return [
    alignColumns(facts),
    ...(epochs.length === 0 ? [] : [alignColumns([['epoch', 'training loss', 'validation loss', metric], ...epochRows(record)])]), // prettier-ignore
    alignColumns(flattened(configuration)),
  ].join('\n\n');
}
