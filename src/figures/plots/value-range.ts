import type { Layout } from 'plotly.js-dist-min';
import { plotlyText } from '../../html/escape.js';

/** A value to compare with, such as the ceiling, drawn as a line. */
export interface Level {
  readonly value: number;
  readonly text: string;
}

/** A level farther from the values than this many times their spread is told in words, not shown at its place. */
const FAR = 1.5;
const MARGIN = 0.08; // as a share of the axis, on either side

/**
 * Chooses the range of an axis of values so that their differences are seen: a level far away, which would squeeze
 * them into a line, stays outside and is named at the edge that it lies beyond.
 *
 * @returns the range, nothing where there are no values, and the annotations of levels outside
 */
export function valueRange(
  values: readonly number[],
  levels: readonly Level[],
): { axis: { range?: [number, number] }; annotations: NonNullable<Layout['annotations']> } {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { axis: {}, annotations: [] };
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const reach = least === most ? Infinity : FAR * (most - least);
  const near = levels.filter(({ value }) => value >= least - reach && value <= most + reach);
  const all = [least, most, ...near.map(({ value }) => value)];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = MARGIN * (high - low || Math.abs(high) || 1);
  const outside = levels.filter((level) => !near.includes(level));
  return {
    axis: { range: [low - margin, high + margin] },
    annotations: outside.map(({ value, text }) => ({
      xref: 'paper',
      yref: 'paper',
      x: 1,
      xanchor: 'right',
      y: value > high ? 1 : 0,
      yanchor: value > high ? 'top' : 'bottom',
      text: `${value > high ? '↑' : '↓'} ${plotlyText(text)}`,
      showarrow: false,
      font: { size: 14 },
    })),
  };
}
