import type { Data, Layout } from 'plotly.js-dist-min';
import { plotlyText } from '../../html/escape.js';
import { baseLayout, type Figure, legendAbove } from '../figure.js';
import { dashes, seriesColor, translucent } from '../palette.js';

/** The measurements of one run after each epoch, from the first on. Any of the three may be absent. */
export interface RunCurves {
  readonly trainingLoss?: ArrayLike<number>;
  readonly validationLoss?: ArrayLike<number>;
  readonly metric?: ArrayLike<number>;
  /** Is the metric a mean over validation batches, and not of the whole subset? */
  readonly metricOverBatches?: boolean;
}

/** Runs of one configuration, drawn as their mean with its spread. */
export interface CurveGroup {
  readonly name: string;
  readonly runs: readonly RunCurves[];
}

export interface CurveOptions {
  title?: string;
  lossTitle?: string;
  /** The axis title (default: `Fraction of correct triplets`, with `, mean over batches` where runs say so). */
  metricTitle?: string;
  /** The band around a mean: one standard deviation to either side, or from the lowest to the highest run. */
  spread?: 'deviation' | 'range';
}

const defaults = {
  title: 'Training curves',
  lossTitle: 'Loss (mean per triplet)',
  metricTitle: 'Fraction of correct triplets',
  spread: 'deviation',
} as const;

/** Mean and spread over runs for each epoch; a run that ended earlier is left out of later epochs. */
export interface CurveSummary {
  readonly epochs: number[];
  readonly mean: number[];
  readonly low: number[];
  readonly high: number[];
}

/**
 * Summarizes curves of several runs.
 *
 * mean_e = sum_r x_re / n_e; the band is mean ± s with s^2 = sum (x - mean)^2 / (n - 1), or the range.
 */
export function summarizeCurves(
  curves: readonly ArrayLike<number>[],
  spread: 'deviation' | 'range' = defaults.spread,
): CurveSummary {
  const summary: CurveSummary = { epochs: [], mean: [], low: [], high: [] };
  const length = Math.max(0, ...curves.map((curve) => curve.length));
  for (let e = 0; e < length; e++) {
    const values = curves.map((curve) => curve[e]).filter((x) => Number.isFinite(x));
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
    summary.epochs.push(e + 1);
    summary.mean.push(mean);
    summary.low.push(spread === 'range' ? Math.min(...values) : mean - deviation);
    summary.high.push(spread === 'range' ? Math.max(...values) : mean + deviation);
  }
  return summary;
}

type Quantity = 'trainingLoss' | 'validationLoss' | 'metric';
const quantities: readonly { key: Quantity; label: string; loss: boolean }[] = [
  { key: 'trainingLoss', label: 'training', loss: true },
  { key: 'validationLoss', label: 'validation', loss: true },
  { key: 'metric', label: 'validation', loss: false },
];

/** Draws the line of a mean and, with several runs, the band of its spread. */
function traces(
  summary: CurveSummary,
  name: string,
  color: string,
  dash: (typeof dashes)[number],
  axis: string,
  legend: boolean,
): Data[] {
  const axes = { xaxis: `x${axis}`, yaxis: `y${axis}` } as const;
  const line: Data = {
    type: 'scatter',
    mode: summary.epochs.length > 1 ? 'lines' : 'markers',
    x: summary.epochs,
    y: summary.mean,
    name: plotlyText(name),
    legendgroup: name,
    showlegend: legend,
    line: { color, dash, width: 3 },
    ...axes,
  };
  if (summary.low.every((low, e) => !(low < summary.high[e]))) return [line];
  const band: Data = {
    type: 'scatter',
    x: [...summary.epochs, ...summary.epochs.slice().reverse()],
    y: [...summary.high, ...summary.low.slice().reverse()],
    fill: 'toself',
    fillcolor: translucent(color, 0.2),
    line: { width: 0 },
    hoverinfo: 'skip',
    legendgroup: name,
    showlegend: false,
    ...axes,
  };
  return [band, line];
}

/** Draws loss and metric per epoch of one or several configurations: the mean over runs, with the spread as a band. */
export function trainingCurves(groups: readonly CurveGroup[], options: CurveOptions = {}): Figure {
  const { title, lossTitle, spread } = { ...defaults, ...options };
  const overBatches = groups.some(({ runs }) => runs.some(({ metricOverBatches }) => metricOverBatches));
  const metricTitle = options.metricTitle ?? `${defaults.metricTitle}${overBatches ? ', mean over batches' : ''}`;
  const has = (key: Quantity): boolean => groups.some(({ runs }) => runs.some((run) => run[key]?.length));
  const panels = [has('trainingLoss') || has('validationLoss'), has('metric')];
  const both = panels[0] && panels[1];
  const data: Data[] = [];
  const words: string[] = [];
  groups.forEach(({ name, runs }, g) => {
    for (const { key, label, loss } of quantities) {
      const curves = runs.map((run) => run[key] ?? []).filter((curve) => curve.length > 0);
      if (curves.length === 0) continue;
      const summary = summarizeCurves(curves, spread);
      const full = groups.length > 1 ? `${name}, ${label}` : label;
      const axis = both && !loss ? '2' : '';
      // The metric has the same legend entry as the validation loss, if there is one.
      const legend = loss || !runs.some((run) => run.validationLoss?.length);
      data.push(...traces(summary, full, seriesColor(g), key === 'trainingLoss' ? dashes[1] : dashes[0], axis, legend));
      const last = summary.mean[summary.mean.length - 1];
      words.push(`${name} ${label} ${loss ? 'loss' : 'metric'} ${last.toPrecision(4)}`);
    }
  });
  const epochs = Math.max(0, ...data.map((trace) => (trace as { x: number[] }).x.length));
  // Between epochs there are no values: with few epochs, each has a tick.
  const ticks = epochs > 0 && epochs <= 10 ? { dtick: 1 } : {};
  const base = baseLayout({ title, x: 'Epoch', y: panels[0] ? lossTitle : metricTitle });
  const second: Partial<Layout> = {
    xaxis: { ...base.xaxis, ...ticks, domain: [0, 0.44] },
    xaxis2: { ...base.xaxis, ...ticks, domain: [0.56, 1] },
    yaxis2: { ...base.yaxis, title: { text: plotlyText(metricTitle) }, anchor: 'x2' },
  };
  return {
    data,
    layout: { ...base, ...(both ? second : {}), legend: legendAbove },
    alt: `${title}: ${epochs > 0 ? `after the last epoch ${words.join('; ')}` : 'no epochs yet'}`,
  };
}
