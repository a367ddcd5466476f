import { UsageError } from '../../errors.js';
import { plotlyText } from '../../html/escape.js';
import { baseLayout, type Figure } from '../figure.js';

export interface SimilarityMatrixOptions {
  title?: string;
  /** What the colours mean, with the unit. */
  scaleTitle?: string;
  names?: readonly string[];
  /** The order of the items, such as by group; by default their own order. */
  order?: ArrayLike<number>;
}

const defaults = { title: 'Similarity matrix', scaleTitle: 'Similarity', names: [] } as const;

/** Most names on an axis: more would overlap. */
const namesShown = 40;

/**
 * Draws an `[n, n]` matrix of similarities or distances as a heat map, in colours whose order is the same in grey and
 * for colour-blind readers.
 *
 * @throws UsageError where the matrix has not n * n values, or names do not match
 */
export function similarityMatrix(values: ArrayLike<number>, n: number, options: SimilarityMatrixOptions = {}): Figure {
  const { title, scaleTitle, names, order } = { ...defaults, ...options };
  if (values.length !== n * n)
    throw new UsageError(`invalid matrix: ${values.length} values; give ${n} x ${n} = ${n * n}`);
  if (names.length > 0 && names.length !== n)
    throw new UsageError(`invalid names: ${names.length}; give one for each of the ${n} items`);
  const shown = Array.from(order ?? { length: n }, (item, i) => (order ? Number(item) : i));
  const labels = shown.map((i) => plotlyText(names[i] ?? String(i)));
  const z = shown.map((i) => shown.map((j) => values[i * n + j]));
  const flat = z.flat().filter(Number.isFinite);
  const base = baseLayout({ title, height: 650 });
  const axis = {
    showgrid: false,
    showline: false,
    automargin: true,
    constrain: 'domain',
    tickvals: labels.map((_, i) => i),
    ticktext: labels,
    showticklabels: labels.length <= namesShown,
  } as const;
  const range = flat.length
    ? ` from ${flat.reduce((a, b) => Math.min(a, b)).toPrecision(3)} to ${flat.reduce((a, b) => Math.max(a, b)).toPrecision(3)}`
    : '';
  return {
    data: [
      {
        type: 'heatmap',
        z,
        colorscale: 'Cividis',
        colorbar: { title: { text: plotlyText(scaleTitle) } },
        hovertemplate: '%{customdata}: %{z:.4g}<extra></extra>',
        customdata: labels.map((a) => labels.map((b) => `${a}, ${b}`)),
      },
    ],
    layout: {
      ...base,
      xaxis: { ...axis, tickangle: -45 },
      yaxis: { ...axis, autorange: 'reversed', scaleanchor: 'x' },
    },
    alt: `${title}: ${scaleTitle.toLowerCase()} of ${shown.length} items with each other${range}`,
  };
}
