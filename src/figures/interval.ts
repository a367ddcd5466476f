import type { Data } from 'plotly.js-dist-min';
import { UsageError } from '../errors.js';
import { plotlyText } from './escape.js';
import { baseLayout, type Figure } from './figure.js';
import { seriesColor } from './palette.js';
import { studentTQuantile } from '../statistics/student-t.js';

/** A mean over repetitions with its confidence interval. */
export interface ConfidenceInterval {
  readonly n: number;
  readonly mean: number;
  /** Standard deviation of one repetition. */
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
}

export interface IntervalOptions {
  title?: string;
  metricTitle?: string;
  /** Probability that the interval covers the true mean. */
  level?: number;
  /** The best value that can be reached, if it is known; drawn as a line. */
  ceiling?: number;
  /** The value of guessing; drawn as a line. */
  chance?: number;
}

const defaults = {
  title: 'Fraction of correct triplets over repetitions',
  metricTitle: 'Fraction of correct triplets',
  level: 0.95,
} as const;

/**
 * The mean of repetitions with its confidence interval.
 *
 * mean ± t_{(1 + level) / 2, n - 1} s / sqrt(n), s^2 = sum (x - mean)^2 / (n - 1). One repetition has no interval:
 * low = high = mean.
 *
 * @throws UsageError without a value, with one that is not finite, or with a level outside (0, 1)
 */
export function confidenceInterval(values: ArrayLike<number>, level: number = defaults.level): ConfidenceInterval {
  const x = Array.from(values);
  if (x.length === 0 || !x.every(Number.isFinite))
    throw new UsageError(`invalid repetitions: ${x.join(', ') || 'none'}; at least one finite value needed`);
  if (!(level > 0 && level < 1)) throw new UsageError(`invalid level: ${level}; a number between 0 and 1 needed`);
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean, deviation: 0, low: mean, high: mean };
  const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (studentTQuantile((1 + level) / 2, n - 1) * deviation) / Math.sqrt(n);
  return { n, mean, deviation, low: mean - half, high: mean + half };
}

/** Every repetition as a dot and each group's mean with its confidence interval, against the known ceiling. */
export function repetitionIntervals(
  groups: readonly { readonly name: string; readonly values: ArrayLike<number> }[],
  options: IntervalOptions = {},
): Figure {
  const { title, metricTitle, level, ceiling, chance } = { ...defaults, ...options };
  const words: string[] = [];
  const data = groups.flatMap(({ name, values }, g): Data[] => {
    const { n, mean, low, high } = confidenceInterval(values, level);
    words.push(`${name} ${mean.toFixed(3)}${n > 1 ? ` (${low.toFixed(3)} to ${high.toFixed(3)})` : ''}`);
    const color = seriesColor(g);
    // Dots lie left of the mean, spread out a little where they would hide each other.
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
  const lines = [
    { value: ceiling, text: 'ceiling', dash: 'dash' as const },
    { value: chance, text: 'chance', dash: 'dot' as const },
  ].filter((line): line is typeof line & { value: number } => line.value !== undefined);
  for (const { value, text } of lines) words.push(`${text} ${value.toFixed(3)}`);
  const range: [number, number] = [-0.6, groups.length - 0.4];
  for (const { value, text, dash } of lines)
    data.push({
      type: 'scatter',
      mode: 'lines',
      x: range,
      y: [value, value],
      name: `${text} ${value.toFixed(3)}`,
      line: { color: '#444444', dash, width: 2 },
      hoverinfo: 'name',
    });
  const key = `dots: repetitions; diamonds: mean with ${(100 * level).toFixed(0)} % confidence interval`;
  const base = baseLayout({ title, x: key, y: metricTitle });
  const names = groups.map(({ name }) => plotlyText(name));
  return {
    data,
    layout: {
      ...base,
      xaxis: { ...base.xaxis, range, tickvals: names.map((_, g) => g), ticktext: names, showgrid: false },
      legend: { orientation: 'h', y: -0.3 },
    },
    alt: `${title}: ${words.join('; ')}`,
  };
}
