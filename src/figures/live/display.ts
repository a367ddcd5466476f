import { UsageError } from '../../errors.js';
import { cellOutput, type CellOutput } from './cell-output.js';
import { type Figure, figureHtml, figureJson } from '../figure.js';
import type { View } from '../views/view.js';

/** A figure under a cell that can be redrawn while the cell runs. */
export interface LiveFigure {
  /** Replaces what is shown. Of updates in quick succession some are dropped, but never the last one. */
  update(figure: Figure): void;
}

const defaults = { interval: 250 /* ms between two redrawings */ };

let count = 0;

function session(what: string): CellOutput {
  const running = cellOutput();
  if (!running)
    throw new UsageError(`invalid call: ${what} outside of a notebook; open one with tripletlab notebook serve`);
  return running;
}

function bundle(figure: Figure): Record<string, unknown> {
  return {
    'application/vnd.plotly.v1+json': figureJson(figure),
    'text/html': figureHtml(figure),
    'text/plain': `[figure: ${figure.alt}]`,
  };
}

/**
 * Shows a figure or a view under the running cell. It is live in notebooks and in exported HTML; in static copies a
 * figure is a picture, and a view is a picture of its first state.
 *
 * @throws UsageError outside of a notebook
 */
export function show(shown: Figure | View): void {
  if ('html' in shown) showHtml(shown.html, `[view: ${shown.alt}]`);
  else session('show()').display(bundle(shown));
}

/**
 * Shows an HTML fragment under the running cell, with a text for readers without HTML.
 *
 * @throws UsageError outside of a notebook
 */
export function showHtml(html: string, text = '[HTML]'): void {
  session('showHtml()').display({ 'text/html': html, 'text/plain': text });
}

/**
 * Shows a figure that `update` redraws in place; an executed notebook keeps only the last state.
 *
 * @param options.interval least time between two redrawings, ms; default 250
 * @throws UsageError outside of a notebook
 */
export function liveFigure(figure: Figure, options: Partial<typeof defaults> = {}): LiveFigure {
  const { interval } = { ...defaults, ...options };
  const running = session('liveFigure()');
  const id = `tripletlab-${process.pid}-${++count}`;
  let shown = Date.now();
  let waiting: Figure | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const redraw = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!waiting) return;
    running.display(bundle(waiting), id, true);
    waiting = undefined;
    shown = Date.now();
  };
  running.display(bundle(figure), id);
  return {
    update(next) {
      // Registered with each update: the last one may come from another cell than the figure.
      if (!waiting) running.onCellEnd(redraw);
      waiting = next;
      const rest = shown + interval - Date.now();
      if (rest <= 0) redraw();
      else timer ??= setTimeout(redraw, rest);
    },
  };
}
