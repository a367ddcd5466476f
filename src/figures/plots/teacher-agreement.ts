import type { Data, Layout } from 'plotly.js-dist-min';
import { UsageError } from '../../errors.js';
import { teacherAgreement } from '../../evaluation/teacher-agreement.js';
import { correctTriplets } from '../../metrics/fraction-correct-triplets.js';
import { plotlyText } from '../../html/escape.js';
import { baseLayout, type Figure } from '../figure.js';
import { countInBins } from './histogram.js';
import { seriesColor } from '../palette.js';
import type { NamedEmbeddings } from '../views/named-embeddings.js';

export interface AgreementOptions {
  title?: string;
  /** The agreement of random answers, drawn as a line. Default: one in three, for directed triplets one in two. */
  chance?: number;
}

const defaults = { title: 'Agreement between teachers' } as const;

/** Up to this many teachers, cells show their values; in more, they would be too small to read. */
const valuesShown = 12;

/** Returns the layout of two panels of equal width, side by side. */
const twoPanels = (base: Partial<Layout>, titles: { x: string; y: string }): Partial<Layout> => ({
  xaxis: { ...base.xaxis, domain: [0, 0.4] },
  xaxis2: { ...base.xaxis, domain: [0.62, 1], title: { text: titles.x } },
  yaxis2: { ...base.yaxis, anchor: 'x2', title: { text: titles.y } },
});

/**
 * Draws the agreement of every two teachers, which is the share of triplets to which they give the same answer, right
 * or wrong: as a matrix, and as a histogram over the pairs of teachers.
 *
 * @param triplets `[3m] int32` items
 * @throws UsageError with fewer than two teachers
 */
export function agreementMatrix(
  teachers: readonly NamedEmbeddings[],
  triplets: Int32Array,
  directed: boolean,
  options: AgreementOptions = {},
): Figure {
  const { title, chance } = { ...defaults, chance: directed ? 1 / 2 : 1 / 3, ...options };
  const n = teachers.length;
  if (n < 2) throw new UsageError(`invalid teachers: ${n}; give at least two`);
  const values = teacherAgreement(teachers, triplets, directed);
  const names = teachers.map(({ name }) => plotlyText(name));
  const pairs = Array.from({ length: n * n }, (_, at) => at).filter((at) => Math.floor(at / n) > at % n);
  const shares = pairs.map((at) => values[at]);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  const { edges, counts } = countInBins(shares, Math.min(20, Math.max(5, Math.round(Math.sqrt(shares.length)))));
  const z = names.map((_, i) => names.map((_, j) => (i === j ? null : values[i * n + j])));
  const data: Data[] = [
    {
      type: 'heatmap',
      z: z as unknown as number[][],
      x: names,
      y: names,
      colorscale: 'Cividis',
      colorbar: { x: 0.42, thickness: 14, tickformat: '.3~f' },
      ...(n <= valuesShown ? { texttemplate: '%{z:.3f}', textfont: { size: 13 } } : {}),
      hovertemplate: '%{y}, %{x}: %{z:.4f}<extra></extra>',
    } as Data,
    {
      type: 'bar',
      x: counts.map((_, b) => (edges[b] + edges[b + 1]) / 2),
      y: counts,
      width: edges[1] - edges[0],
      marker: { color: seriesColor(0), line: { color: 'white', width: 1 } },
      hovertemplate: '%{y} near %{x:.4f}<extra></extra>',
      xaxis: 'x2',
      yaxis: 'y2',
    },
  ];
  const base = baseLayout({ title, height: 420 });
  const panels = twoPanels(base, { x: 'Share of equal answers', y: 'Pairs of teachers' });
  const words = `mean ${mean.toFixed(3)}, from ${least.toFixed(3)} to ${most.toFixed(3)}; chance ${chance.toFixed(3)}`;
  return {
    data,
    layout: {
      ...base,
      ...panels,
      title: { ...(base.title as object), text: `${plotlyText(title)}: ${words}`, font: { size: 18 } },
      xaxis: { ...panels.xaxis, showgrid: false, tickangle: n > 4 ? -45 : 0, type: 'category' },
      yaxis: { ...base.yaxis, showgrid: false, autorange: 'reversed', type: 'category' },
      showlegend: false,
    },
    alt: `${title}: share of ${triplets.length / 3} triplets with equal answers, over ${shares.length} pairs of ${n} teachers: ${words}`,
  };
}

/** Draws how many of the teachers answer each triplet as its label does: a bar for 0, 1, ... all of them. */
export function teacherVotes(
  teachers: readonly NamedEmbeddings[],
  triplets: Int32Array,
  directed: boolean,
  options: { title?: string } = {},
): Figure {
  const { title } = { title: 'How many teachers give the answer of the label', ...options };
  if (teachers.length === 0) throw new UsageError('missing teachers; give at least one');
  const m = triplets.length / 3;
  const right = teachers.map(({ data, size }) => correctTriplets(data, size, triplets, directed));
  const counts = new Array<number>(teachers.length + 1).fill(0);
  for (let t = 0; t < m; t++) counts[right.reduce((sum, one) => sum + one[t], 0)]++;
  const none = ((100 * counts[0]) / m).toFixed(1);
  const all = ((100 * counts[teachers.length]) / m).toFixed(1);
  const base = baseLayout({ title, x: `Teachers of ${teachers.length} that are right`, y: 'Share of triplets' });
  return {
    data: [
      {
        type: 'bar',
        x: counts.map((_, k) => k),
        y: counts.map((count) => count / m),
        text: counts.map((count) => `${((100 * count) / m).toFixed(1)} %`),
        textposition: 'outside',
        cliponaxis: false,
        marker: { color: seriesColor(0) },
        hovertemplate: '%{x} right: %{y:.4f}<extra></extra>',
      },
    ],
    layout: {
      ...base,
      xaxis: { ...base.xaxis, ...(teachers.length <= 20 ? { dtick: 1 } : {}) },
      yaxis: { ...base.yaxis, tickformat: '~%' },
    },
    alt: `${title}: of ${m} triplets none of ${teachers.length} teachers is right on ${none} %, all on ${all} %`,
  };
}
