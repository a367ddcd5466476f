import type { Data } from 'plotly.js-dist-min';
import type { Estimate } from '../../datasets/index.js';
import { UsageError } from '../../errors.js';
import { plotlyText } from '../../html/escape.js';
import { baseLayout, type Figure, legendAbove } from '../figure.js';
import { seriesColor, translucent } from '../palette.js';
import { meanInterval } from '../../statistics/verdict.js';
import { type Level, valueRange } from './value-range.js';

/** A mean over repetitions with its confidence interval. */
export interface ConfidenceInterval {
  readonly n: number;
  readonly mean: number;
  /** Standard standardDeviation of one repetition. */
  readonly standardDeviation: number;
  readonly low: number;
  readonly high: number;
}

export interface IntervalOptions {
  title?: string;
  metricTitle?: string;
  /** The probability that the interval covers the true mean. */
  level?: number;
  /** The best value to expect, known or estimated (then with its interval); null where it is not estimable. */
  ceiling?: number | Estimate | null;
  /** The value of guessing, drawn as a line. */
  chance?: number;
}

const defaults = {
  title: 'Fraction of correct triplets over repetitions',
  metricTitle: 'Fraction of correct triplets',
  level: 0.95,
} as const;

/**
 * Computes the mean of repetitions with its confidence interval.
 *
 * mean ± t_{(1 + level) / 2, n - 1} s / sqrt(n), s^2 = sum (x - mean)^2 / (n - 1). One repetition has no interval:
 * low = high = mean.
 *
 * @throws UsageError without a value, with one that is not finite, or with a level outside (0, 1)
 */
export function confidenceInterval(values: ArrayLike<number>, level: number = defaults.level): ConfidenceInterval {
  const x = Array.from(values);
  if (x.length === 0 || !x.every(Number.isFinite))
    throw new UsageError(`invalid repetitions: ${x.join(', ') || 'none'}; give finite values, at least one`);
  if (!(level > 0 && level < 1)) throw new UsageError(`invalid level: ${level}; give a number between 0 and 1`);
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean, standardDeviation: 0, low: mean, high: mean };
  const standardDeviation = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  return { n, mean, standardDeviation, ...meanInterval({ n, mean, standardDeviation }, level)! };
}

/** Repetitions on one set of data. */
export interface RepetitionGroup {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** The ceiling of this group's own data, drawn across this group only. */
  readonly ceiling?: Estimate | null;
}

/** Draws every repetition as a dot and each group's mean with its confidence interval, together with the ceiling. */
export function repetitionIntervals(groups: readonly RepetitionGroup[], options: IntervalOptions = {}): Figure {
  const { title, metricTitle, level, ceiling, chance } = { ...defaults, ...options };
  const words: string[] = [];
  const shown: number[] = [];
  const levels: Level[] = [];
  const data = groups.flatMap(({ name, values }, g): Data[] => {
    const { n, mean, low, high } = confidenceInterval(values, level);
    words.push(`${name} ${mean.toFixed(3)}${n > 1 ? ` (${low.toFixed(3)} to ${high.toFixed(3)})` : ''}`);
    shown.push(...Array.from(values), low, high);
    const color = seriesColor(g);
    // Dots lie to the left of the mean, spread so that they do not hide each other.
    const dots = Array.from(values, (_, i) => g - 0.12 - 0.04 * (i % 5));
    return [
      {
        type: 'scatter',
        mode: 'markers',
        x: dots,
        y: Array.from(values),
        name: 'repetition',
        hovertemplate: '%{y:.4f}<extra>repetition</extra>',
        marker: { color, size: 8, opacity: 0.5 },
        showlegend: false,
      },
      {
        type: 'scatter',
        mode: 'markers',
        x: [g],
        y: [mean],
        error_y: { type: 'data', array: [high - mean], thickness: 3, width: 10, color },
        name: plotlyText(name),
        hovertemplate: `${plotlyText(name)}: %{y:.4f} (${low.toFixed(4)} to ${high.toFixed(4)})<extra>mean</extra>`,
        marker: { color, size: 13, symbol: 'diamond' },
        showlegend: false,
      },
    ];
  });
  const range: [number, number] = [-0.6, groups.length - 0.4];
  const draw = (
    level: number | Estimate | null | undefined,
    text: string,
    dash: 'dash' | 'dot',
    ends = range,
  ): void => {
    if (level === null || level === undefined) return;
    const { name, traces } = levelLine(level, text, dash, ends);
    words.push(name);
    levels.push({ value: typeof level === 'number' ? level : level.value, text: name });
    data.push(...traces);
  };
  draw(ceiling, 'ceiling', 'dash');
  groups.forEach((group, g) => {
    draw(group.ceiling, groups.length > 1 ? `ceiling of ${group.name}` : 'ceiling', 'dash', [g - 0.4, g + 0.4]);
  });
  draw(chance, 'chance', 'dot');
  const key = `dots: repetitions; diamonds: mean with ${(100 * level).toFixed(0)} % confidence interval`;
  const base = baseLayout({ title, x: key, y: metricTitle });
  const names = groups.map(({ name }) => plotlyText(name));
  const { axis, annotations } = valueRange(shown, levels);
  return {
    data,
    layout: {
      ...base,
      xaxis: { ...base.xaxis, range, tickvals: names.map((_, g) => g), ticktext: names, showgrid: false },
      yaxis: { ...base.yaxis, ...axis },
      annotations,
      legend: legendAbove,
    },
    alt: `${title}: ${words.join('; ')}`,
  };
}

/** Draws a line between two ends, with a band where the value is an estimate. */
function levelLine(
  level: number | Estimate,
  text: string,
  dash: 'dash' | 'dot',
  [left, right]: readonly [number, number],
): { name: string; traces: Data[] } {
  const { value, low, high } = typeof level === 'number' ? { value: level, low: level, high: level } : level;
  const name = `${text} ${value.toFixed(3)}${low < high ? ` (${low.toFixed(3)} to ${high.toFixed(3)})` : ''}`;
  const band: Data = {
    type: 'scatter',
    mode: 'lines',
    x: [left, right, right, left],
    y: [low, low, high, high],
    fill: 'toself',
    fillcolor: translucent('#444444', 0.15),
    line: { width: 0 },
    showlegend: false,
    hoverinfo: 'skip',
  };
  const line: Data = {
    type: 'scatter',
    mode: 'lines',
    x: [left, right],
    y: [value, value],
    name: plotlyText(name),
    line: { color: '#444444', dash, width: 2 },
    hoverinfo: 'name',
  };
  return { name, traces: low < high ? [band, line] : [line] };
}
