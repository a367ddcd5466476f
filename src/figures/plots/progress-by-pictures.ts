import type { Data } from 'plotly.js-dist-min';
import { plotlyText } from '../../html/escape.js';
import { baseLayout, type Figure, legendAbove } from '../figure.js';
import { dashes, seriesColor, symbols, translucent } from '../palette.js';
import { type Level, valueRange } from './value-range.js';

/** Runs of one kind, each a curve over the number of pictures that it had seen. */
export interface ProgressGroup {
  readonly name: string;
  readonly runs: readonly (readonly { readonly pictures: number; readonly value: number }[])[];
}

export interface ProgressOptions {
  readonly title?: string;
  readonly metricTitle?: string;
  /** Values to compare the curves with, drawn as lines. */
  readonly lines?: readonly Level[];
}

const defaults = {
  title: 'Progress over the pictures seen',
  metricTitle: 'Fraction of correct triplets',
  lines: [],
} as const;

/** With more points only the line is drawn, without markers. */
const FEW = 12;

/** Averages curves over runs: the i-th point is the mean of their i-th points, as far as all runs have one. */
function meanOf(runs: ProgressGroup['runs']): { pictures: number; value: number }[] {
  const length = Math.min(...runs.map((run) => run.length));
  const mean = (of: (run: ProgressGroup['runs'][number]) => number): number =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return Array.from({ length }, (_, i) => ({
    pictures: mean((run) => run[i].pictures),
    value: mean((run) => run[i].value),
  }));
}

/** Draws values of networks over the number of pictures that they have seen: runs thin, their mean thick. */
export function progressByPictures(groups: readonly ProgressGroup[], options: ProgressOptions = {}): Figure {
  const { title, metricTitle, lines } = { ...defaults, ...options };
  const words: string[] = [];
  const most = Math.max(1, ...groups.flatMap(({ runs }) => runs.flatMap((run) => run.map(({ pictures }) => pictures))));
  const data = groups.flatMap(({ name, runs }, g): Data[] => {
    if (runs.length === 0) return [];
    const color = seriesColor(g);
    const mean = meanOf(runs);
    const [first, last] = [mean[0], mean[mean.length - 1]];
    words.push(`${name} from ${first.value.toFixed(3)} to ${last.value.toFixed(3)} over ${Math.round(last.pictures)} pictures (${runs.length} runs)`); // prettier-ignore
    const mode = mean.length > FEW ? 'lines' : 'lines+markers';
    const trace = (points: typeof mean, own: Partial<Data>): Data =>
      ({
        type: 'scatter',
        mode,
        x: points.map(({ pictures }) => pictures),
        y: points.map(({ value }) => value),
        legendgroup: name,
        hovertemplate: `%{y:.4f}<extra>${plotlyText(name)}</extra>`,
        ...own,
      }) as Data;
    return [
      ...runs.map((run) =>
        trace([...run], {
          line: { color: translucent(color, 0.35), width: 1 },
          marker: { color: translucent(color, 0.35), size: 5 },
          showlegend: false,
        } as Partial<Data>),
      ),
      trace(mean, {
        name: plotlyText(name),
        line: { color, width: 4, dash: dashes[g % dashes.length] },
        marker: { color, size: 11, symbol: symbols[g % symbols.length] },
      } as Partial<Data>),
    ];
  });
  for (const { value, text } of lines) {
    words.push(`${text} ${value.toFixed(3)}`);
    data.push({
      type: 'scatter',
      mode: 'lines',
      x: [0, most],
      y: [value, value],
      name: plotlyText(text),
      line: { color: '#444444', dash: 'dot', width: 2 },
      hoverinfo: 'name',
    });
  }
  const base = baseLayout({ title, x: 'Pictures seen in training (thin: runs; thick: their mean)', y: metricTitle });
  const { axis, annotations } = valueRange(
    groups.flatMap(({ runs }) => runs.flatMap((run) => run.map(({ value }) => value))),
    lines,
  );
  return {
    data,
    layout: { ...base, yaxis: { ...base.yaxis, ...axis }, annotations, legend: legendAbove },
    alt: `${title}: ${words.join('; ') || 'no run yet'}`,
  };
}
