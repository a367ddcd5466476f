import { duration } from '../training/progress-bar.js';

/** How often a line is written where the output is no terminal. */
const LINE_EVERY = 30; // s

interface NotebookProgressOptions {
  readonly stream?: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;
  /** The clock in seconds, for tests. */
  readonly now?: () => number;
}

/** What shows the progress of a notebook. */
interface NotebookProgress {
  readonly onCell: (cell: number, cells: number) => void;
  /** Shows the present time; called every second. */
  readonly tick: () => void;
  /** Ends it. */
  readonly clear: () => void;
}

const defaults = { stream: process.stderr, now: () => performance.now() / 1000 };

/**
 * Shows which cell of a notebook runs, the time since its start and about how long the others take: on a terminal every
 * second, elsewhere in a line every 30 seconds.
 *
 * The remaining time takes the cells to come for as long as those before, on average.
 */
export function notebookProgress(name: string, options: NotebookProgressOptions = {}): NotebookProgress {
  const { stream, now } = { ...defaults, ...options };
  const started = now();
  let at: { cell: number; cells: number; since: number } | undefined;
  let written = started;
  const text = (): string => {
    if (at === undefined) return `${name}: starting, ${duration(now() - started)}`;
    const { cell, cells, since } = at;
    const before = (since - started) / (cell - 1);
    const left = (cells - cell + 1) * before - (now() - since);
    const remaining = cell > 1 ? `, about ${duration(Math.max(0, left))} left` : '';
    return `${name}: cell ${cell} of ${cells}, ${duration(now() - started)} gone${remaining}`;
  };
  const tick = (): void => {
    if (stream.isTTY) stream.write(`\r\u001b[K${text()}`);
    else if (now() - written >= LINE_EVERY) {
      written = now();
      stream.write(`${text()}\n`);
    }
  };
  const timer = setInterval(tick, 1000).unref();
  return {
    onCell: (cell, cells) => {
      at = { cell, cells, since: now() };
      tick();
    },
    tick,
    clear: () => {
      clearInterval(timer);
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
