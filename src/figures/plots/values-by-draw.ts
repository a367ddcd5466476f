import type { Data, Layout } from 'plotly.js-dist-min';
import { plotlyText } from '../../html/escape.js';
import { baseLayout, type Figure, legendAbove } from '../figure.js';
import { palette, translucent } from '../palette.js';
import { type Level, valueRange } from './value-range.js';

/** A value of a setting, with its result on each draw. */
export interface ValueOnDraws {
  readonly name: string;
  /** The value: numbers have their place on the axis, all else stands side by side. */
  readonly value: unknown;
  readonly points: readonly { readonly draw: number; readonly value: number }[];
  readonly mean: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

export interface ValuesByDrawOptions {
  readonly title?: string;
  /** The name of the setting. */
  readonly setting?: string;
  readonly metricTitle?: string;
  /** A value to compare with, drawn as a line: 0 for differences. */
  readonly line?: Level;
}

const defaults = { title: 'Values of a setting', setting: 'Setting', metricTitle: 'Fraction of correct triplets' };

/** The ratio of the largest to the least value from which the axis is logarithmic. */
const WIDE = 8;
const key = 'dots: draws, lines join the same draw; diamonds: mean with 95 % interval';
const MARGIN = 0.08; // as a share of the axis, on either side

interface Axis {
  readonly positions: readonly number[];
  readonly layout: Partial<Layout['xaxis']>;
  /** The two ends of the axis, for a line. */
  readonly ends: readonly [number, number];
}

function axisOf(groups: readonly ValueOnDraws[]): Axis {
  const numeric = groups.every(({ value }) => typeof value === 'number' && Number.isFinite(value));
  const positions = groups.map(({ value }, i) => (numeric ? (value as number) : i));
  const log = numeric && Math.min(...positions) > 0 && Math.max(...positions) >= WIDE * Math.min(...positions);
  const scale = log ? Math.log10 : (x: number): number => x;
  const [low, high] = [Math.min(...positions), Math.max(...positions)].map(scale);
  const rest = groups.length > 1 ? MARGIN * (high - low) + (numeric ? 0 : 0.4) : 0.5;
  const range: [number, number] = [low - rest, high + rest];
  return {
    positions,
    layout: {
      type: log ? 'log' : 'linear',
      range,
      tickvals: positions,
      ticktext: groups.map(({ name }) => plotlyText(name)),
      showgrid: false,
    },
    ends: log ? [10 ** range[0], 10 ** range[1]] : range,
  };
}

/** Draws the dots of each draw, joined along the axis. */
function drawLines(groups: readonly ValueOnDraws[], positions: readonly number[]): Data[] {
  const draws = [...new Set(groups.flatMap(({ points }) => points.map(({ draw }) => draw)))].sort((a, b) => a - b);
  return draws.map((draw) => {
    const found = groups.flatMap(({ points }, g) =>
      points.filter((point) => point.draw === draw).map(({ value }) => ({ x: positions[g], y: value })),
    );
    found.sort((one, other) => one.x - other.x); // along the axis, whatever the given order
    return {
      type: 'scatter',
      mode: 'lines+markers',
      x: found.map(({ x }) => x),
      y: found.map(({ y }) => y),
      line: { color: translucent(palette[4], 0.5), width: 1 },
      marker: { color: palette[4], size: 7 },
      hovertemplate: `%{y:.4f}<extra>draw ${draw}</extra>`,
      showlegend: false,
    };
  });
}

/** Draws the means with their intervals; returns them also in words. */
function means(groups: readonly ValueOnDraws[], positions: readonly number[]): { trace: Data; words: string } {
  const done = groups.flatMap(({ mean, interval, name }, g) =>
    mean === null
      ? []
      : [{ x: positions[g], mean, name, low: interval?.low ?? mean, high: interval?.high ?? mean, range: interval }],
  );
  const words = done.map(
    ({ name, mean, range }) =>
      `${name} ${mean.toFixed(3)}${range === null ? '' : ` (${range.low.toFixed(3)} to ${range.high.toFixed(3)})`}`,
  );
  const trace: Data = {
    type: 'scatter',
    mode: 'markers',
    x: done.map(({ x }) => x),
    y: done.map(({ mean }) => mean),
    error_y: {
      type: 'data',
      symmetric: false,
      array: done.map(({ mean, high }) => high - mean),
      arrayminus: done.map(({ mean, low }) => mean - low),
      thickness: 3,
      width: 10,
      color: palette[0],
    },
    marker: { color: palette[0], size: 13, symbol: 'diamond' },
    hovertemplate: '%{y:.4f}<extra>mean</extra>',
    showlegend: false,
  };
  return { trace, words: words.join('; ') || 'no run yet' };
}

/**
 * Draws each value of a setting: every draw as a dot, joined with the same draw of the other values, and the mean over
 * draws with its interval.
 */
export function valuesByDraw(groups: readonly ValueOnDraws[], options: ValuesByDrawOptions = {}): Figure {
  const { title, setting, metricTitle, line } = { ...defaults, ...options };
  const { positions, layout, ends } = axisOf(groups);
  const { trace, words } = means(groups, positions);
  const data = [...drawLines(groups, positions), trace];
  if (line !== undefined)
    data.push({
      type: 'scatter',
      mode: 'lines',
      x: [...ends],
      y: [line.value, line.value],
      name: plotlyText(line.text),
      line: { color: '#444444', dash: 'dash', width: 2 },
      hoverinfo: 'name',
    });
  const base = baseLayout({ title, y: metricTitle });
  const text = `${plotlyText(setting)}<br><span style="font-size:13px">${key}</span>`;
  const values = groups.flatMap(({ points, mean, interval }) => [
    ...points.map(({ value }) => value),
    ...(mean === null ? [] : [mean]),
    ...(interval === null ? [] : [interval.low, interval.high]),
  ]);
  const { axis, annotations } = valueRange(values, line === undefined ? [] : [line]);
  return {
    data,
    layout: {
      ...base,
      xaxis: { ...base.xaxis, ...layout, title: { text } },
      yaxis: { ...base.yaxis, ...axis },
      annotations,
      legend: legendAbove,
    },
    alt: `${title}: ${words}`,
  };
}
