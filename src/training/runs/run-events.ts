import { existsSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { MetricMode } from '../../catalogue/metrics.js';
import { writeFileAtomic } from '../../files.js';
import { fileBytes } from '../../formats/file-bytes.js';
import { decodeScalarEvents, encodeScalarEvents, type ScalarEvent } from '../../formats/tensorboard-events.js';
import type { EpochRecord, RunRecord } from './run-record.js';

/** The original's tags, in the folders `training` and `validation` of a run. */
const LOSS = 'INFO/1_loss';
const metricTag = (mode: MetricMode): string => `INFO/2_${mode.split('/')[0]}`;

/** Writes the TensorBoard event files of a run anew, as a whole: a resumed run repeats no step. */
export function writeRunEvents(folder: string, { epochs, configuration, started }: RunRecord): void {
  const seconds = Math.floor(Date.parse(started) / 1000);
  const file = `events.out.tfevents.${seconds}.${hostname()}.tripletlab`;
  const events = (tag: string, key: 'training_loss' | 'validation_loss' | 'metric'): ScalarEvent[] =>
    epochs.map((epoch) => ({ tag, value: epoch[key], step: epoch.epoch, wallTime: epoch.time }));
  const files = {
    training: events(LOSS, 'training_loss'),
    validation: [...events(LOSS, 'validation_loss'), ...events(metricTag(configuration.model.metric_mode), 'metric')],
  };
  for (const [part, content] of Object.entries(files))
    writeFileAtomic(join(folder, part, file), encodeScalarEvents(content));
}

/**
 * Reads the epochs of a run from its event files, of this code or of the original. Of a step that occurs twice, the
 * last one counts. An epoch's seconds are those since the epoch before it; those of the first are unknown: 0.
 *
 * @throws UsageError where a file is damaged
 */
export function readRunEvents(folder: string, mode: MetricMode): EpochRecord[] {
  const training = eventsOf(join(folder, 'training'));
  const validation = eventsOf(join(folder, 'validation'));
  const [losses, validationLosses] = [byStep(training, LOSS), byStep(validation, LOSS)];
  const metrics = [...byStep(validation, metricTag(mode)).values()]
    .filter(({ step }) => losses.has(step) && validationLosses.has(step))
    .sort((a, b) => a.step - b.step);
  return metrics.map(({ step, value, wallTime }, i) => ({
    epoch: step,
    training_loss: losses.get(step)!.value,
    validation_loss: validationLosses.get(step)!.value,
    metric: value,
    seconds: i === 0 ? 0 : Math.max(0, wallTime - metrics[i - 1].wallTime),
    time: wallTime,
  }));
}

function eventsOf(folder: string): ScalarEvent[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.startsWith('events.out.tfevents.'));
  return files.sort().flatMap((name) => decodeScalarEvents(fileBytes(join(folder, name)), join(folder, name)));
}

const byStep = (events: readonly ScalarEvent[], wanted: string): Map<number, ScalarEvent> =>
  new Map(events.filter(({ tag }) => tag === wanted).map((event) => [event.step, event]));
