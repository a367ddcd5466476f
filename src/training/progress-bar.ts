import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from './loop.js';
import type { TrainingUpdate } from './train.js';

/**
 * Shows the progress of training in one line, or nothing where the output is no terminal. The line appears with the
 * first update, and after a stop with the next one.
 */
export class ProgressBar {
  private shown: Line | undefined;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Shows an update: the progress within the epoch, or the metric of the epoch that just ended. */
  show({ progress, records: [record] }: TrainingUpdate): void {
    this.shown ??= new Line(this.stream);
    if (progress !== undefined) this.shown.update(progress);
    else this.shown.epochEnded(record.configuration.model.metric_mode.split('/')[0], record.epochs.at(-1)!.metric);
  }

  stop(): void {
    this.shown?.stop();
    this.shown = undefined;
  }
}

/** The line, from its first update to its stop. */
class Line {
  private readonly bar: SingleBar | undefined;
  private metric = '';
  private readonly started = performance.now();
  private first: number | undefined; // share done when this line began

  constructor(stream: NodeJS.WriteStream) {
    if (!stream.isTTY) return;
    this.bar = new SingleBar(
      {
        stream,
        format: '{bar} epoch {epoch}/{epochs} | loss {loss}{metric} | {left} left',
        hideCursor: true,
        clearOnComplete: true,
      },
      Presets.shades_classic,
    );
    this.bar.start(1, 0, { epoch: 0, epochs: 0, loss: '-', metric: '', left: '?' });
  }

  update({ epoch, epochs, batch, batches, loss }: Progress): void {
    const share = (epoch - 1 + batch / batches) / epochs;
    this.first ??= share;
    const seconds = (performance.now() - this.started) / 1000;
    const left = share > this.first ? (seconds * (1 - share)) / (share - this.first) : NaN;
    this.bar?.update(share, { epoch, epochs, loss: loss.toFixed(6), metric: this.metric, left: duration(left) });
  }

  /** Shows the metric of the epoch that just ended. */
  epochEnded(name: string, value: number): void {
    this.metric = ` | ${name} ${value.toFixed(4)}`;
  }

  stop(): void {
    this.bar?.stop();
  }
}

/** Formats seconds as `1:02:03` or `2:03`; `?` where they are not known yet. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
