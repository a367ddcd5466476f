import type { Data } from 'plotly.js-dist-min';
import { UsageError } from '../../errors.js';
import { baseLayout, type Figure, legendAbove } from '../figure.js';
import { seriesColor } from '../palette.js';

export interface HistogramOptions {
  title?: string;
  /** Title of the axis of values, with their unit. */
  x?: string;
  bins?: number;
  /** Vertical lines, such as a mean or a known ceiling. */
  lines?: readonly { readonly name: string; readonly value: number }[];
}

const defaults = { title: 'Histogram', x: 'Value', lines: [] } as const;

/**
 * Counts of values in equal bins from the least to the greatest value; a bin holds its lower edge, the last one both.
 */
export interface Bins {
  readonly edges: number[];
  readonly counts: number[];
}

/**
 * Counts values in bins of equal width.
 *
 * @throws UsageError without a finite value, or where bins is no positive integer
 */
export function countInBins(values: ArrayLike<number>, bins: number): Bins {
  const finite = Array.from(values).filter(Number.isFinite);
  if (finite.length === 0) throw new UsageError(`invalid values: none is finite; give at least one finite value`);
  if (!Number.isInteger(bins) || bins < 1) throw new UsageError(`invalid bins: ${bins}; give a positive integer`);
  let low = finite.reduce((a, b) => Math.min(a, b));
  let high = finite.reduce((a, b) => Math.max(a, b));
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const edges = Array.from({ length: bins + 1 }, (_, b) => (b === bins ? high : low + ((high - low) * b) / bins));
  const counts = new Array<number>(bins).fill(0);
  for (const value of finite) {
    let bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    // Rounding can place a value beyond an edge.
    while (bin > 0 && value < edges[bin]) bin--;
    while (bin < bins - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return { edges, counts };
}

/** Draws a histogram of values, such as the metric of many repetitions; by default about sqrt(n) bins, 10 to 50. */
export function histogram(values: ArrayLike<number>, options: HistogramOptions = {}): Figure {
  const { title, x, lines, bins } = { ...defaults, ...options };
  const { edges, counts } = countInBins(
    values,
    bins ?? Math.min(50, Math.max(10, Math.round(Math.sqrt(values.length)))),
  );
  const width = edges[1] - edges[0];
  const most = Math.max(...counts);
  const data: Data[] = [
    {
      type: 'bar',
      x: counts.map((_, b) => (edges[b] + edges[b + 1]) / 2),
      y: counts,
      width,
      name: 'count',
      marker: { color: seriesColor(0), line: { color: 'white', width: 1 } },
      showlegend: false,
      hovertemplate: '%{y} near %{x:.4g}<extra></extra>',
    },
    ...lines.map(({ name, value }, i): Data => ({
      type: 'scatter',
      mode: 'lines',
      x: [value, value],
      y: [0, most],
      name: `${name} ${value.toPrecision(4)}`,
      line: { color: seriesColor(i + 1), dash: i % 2 ? 'dot' : 'dash', width: 3 },
    })),
  ];
  const marks = lines.map(({ name, value }) => `; ${name} ${value.toPrecision(4)}`).join('');
  return {
    data,
    layout: { ...baseLayout({ title, x, y: 'Count' }), bargap: 0, legend: legendAbove },
    alt: `${title}: ${counts.reduce((a, b) => a + b)} values from ${edges[0].toPrecision(4)} to ${edges[edges.length - 1].toPrecision(4)}${marks}`,
  };
}
