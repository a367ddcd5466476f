import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from './loop.js';
import type { TrainingUpdate } from './train.js';

/** How often a line says how far the training is where the output is no terminal. */
const LINE_EVERY = 30; // s

interface ProgressBarOptions {
  /** The clock in seconds, for tests. */
  readonly now?: () => number;
}

const defaults = { now: () => performance.now() / 1000 };

/**
 * Shows the progress of training in one line that is drawn anew or, where the output is no terminal, in a line every 30
 * seconds. It begins with the first update, and after a stop with the next one.
 */
export class ProgressBar {
  private shown: Line | undefined;
  private readonly now: () => number;
  private written: number;

  constructor(
    private readonly stream: NodeJS.WriteStream = process.stderr,
    options: ProgressBarOptions = {},
  ) {
    this.now = { ...defaults, ...options }.now;
    this.written = this.now();
  }

  /** Shows an update: the progress within the epoch, or the metric of the epoch that just ended. */
  show({ progress, records: [record] }: TrainingUpdate): void {
    this.shown ??= new Line(this.stream, this.now);
    const name = record.configuration.model.metric_mode.split('/')[0];
    if (progress !== undefined) this.shown.update(progress);
    else this.shown.epochEnded(name, record.epochs.at(-1)!.metric);
    if (this.stream.isTTY || this.now() - this.written < LINE_EVERY) return;
    this.written = this.now();
    this.stream.write(`${record.name}: ${this.shown.text()}\n`);
  }

  stop(): void {
    this.shown?.stop();
    this.shown = undefined;
  }
}

/** What is shown of a training: the fields of the line. */
interface Fields {
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: string;
  readonly metric: string;
  readonly left: string;
}

/** The line, from its first update to its stop. */
class Line {
  private readonly bar: SingleBar | undefined;
  private fields: Fields = { epoch: 0, epochs: 0, loss: '-', metric: '', left: '?' };
  private readonly started: number;
  private first: number | undefined; // share done when this line began

  constructor(
    stream: NodeJS.WriteStream,
    private readonly now: () => number,
  ) {
    this.started = now();
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
    this.bar.start(1, 0, this.fields);
  }

  update({ epoch, epochs, batch, batches, loss }: Progress): void {
    const share = (epoch - 1 + batch / batches) / epochs;
    this.first ??= share;
    const seconds = this.now() - this.started;
    const left = share > this.first ? (seconds * (1 - share)) / (share - this.first) : NaN;
    // before its first batch an epoch has no loss
    const known = Number.isFinite(loss) ? loss.toFixed(6) : batch < 1 ? '-' : String(loss);
    this.fields = { ...this.fields, epoch, epochs, loss: known, left: duration(left) };
    this.bar?.update(share, this.fields);
  }

  /** Shows the metric of the epoch that just ended. */
  epochEnded(name: string, value: number): void {
    this.fields = { ...this.fields, metric: ` | ${name} ${value.toFixed(4)}` };
  }

  /** Returns what is shown, without the bar. */
  text(): string {
    const { epoch, epochs, loss, metric, left } = this.fields;
    return `epoch ${epoch}/${epochs} | loss ${loss}${metric} | ${left} left`;
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
