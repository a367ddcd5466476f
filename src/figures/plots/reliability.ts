import type { Data } from 'plotly.js-dist-min';
import { UsageError } from '../../errors.js';
import type { ReliabilityBin } from '../../metrics/index.js';
import { plotlyText } from '../../html/escape.js';
import { baseLayout, type Figure, legendAbove } from '../figure.js';
import { dashes, seriesColor, symbols } from '../palette.js';

export interface ReliabilityOptions {
  title?: string;
}

const defaults = { title: 'How often predictions are right, by their confidence' } as const;

/**
 * Draws a reliability diagram: for each bin of confidence the share of predictions that is right, and the diagonal of
 * perfect calibration. Larger dots stand for more predictions; bars are 1.96 standard errors of a share,
 * sqrt(p (1 - p) / n).
 *
 * Source: Niculescu-Mizil and Caruana 2005, Guo et al. 2017.
 *
 * @param groups bins of one or several models, as `metrics.reliabilityBins` makes them
 * @throws UsageError where a group has no prediction
 */
export function reliabilityDiagram(
  groups: readonly { readonly name: string; readonly bins: readonly ReliabilityBin[] }[],
  options: ReliabilityOptions = {},
): Figure {
  const { title } = { ...defaults, ...options };
  const words: string[] = [];
  const data = groups.map(({ name, bins }, g): Data => {
    const filled = bins.filter(({ count }) => count > 0);
    const total = filled.reduce((sum, { count }) => sum + count, 0);
    if (total === 0) throw new UsageError(`missing predictions: ${name} has none; give at least one`);
    const error = filled.reduce((sum, bin) => sum + bin.count * Math.abs(bin.accuracy - bin.confidence), 0) / total;
    words.push(`${name} calibration error ${error.toFixed(3)} over ${total} predictions`);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      x: filled.map(({ confidence }) => confidence),
      y: filled.map(({ accuracy }) => accuracy),
      error_y: {
        type: 'data',
        array: filled.map(({ accuracy, count }) => 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / count)),
        thickness: 1.5,
        width: 4,
        color: seriesColor(g),
      },
      name: plotlyText(`${name}: ${error.toFixed(3)}`),
      text: filled.map(({ count }) => `${count} predictions`),
      hovertemplate: 'confidence %{x:.3f}, right %{y:.3f}, %{text}<extra></extra>',
      line: { color: seriesColor(g), dash: dashes[g % dashes.length] },
      marker: {
        color: seriesColor(g),
        symbol: symbols[g % symbols.length],
        size: filled.map(({ count }) => 6 + 18 * Math.sqrt(count / total)),
      },
    };
  });
  const diagonal: Data = {
    type: 'scatter',
    mode: 'lines',
    x: [0, 1],
    y: [0, 1],
    name: 'perfect calibration',
    line: { color: '#444444', dash: 'dot', width: 2 },
    hoverinfo: 'name',
  };
  const base = baseLayout({ title, x: 'Confidence', y: 'Share that is right' });
  return {
    data: [diagonal, ...data],
    layout: {
      ...base,
      xaxis: { ...base.xaxis, range: [0, 1.02] },
      yaxis: { ...base.yaxis, range: [0, 1.02] },
      legend: legendAbove,
    },
    alt: `${title}: ${words.join('; ')}`,
  };
}
