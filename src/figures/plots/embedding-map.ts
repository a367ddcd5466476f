import type { Data } from 'plotly.js-dist-min';
import { UsageError } from '../../errors.js';
import { requireFinite } from '../../metrics/finite-rows.js';
import { plotlyText } from '../../html/escape.js';
import { baseLayout, type Figure } from '../figure.js';
import { palette, seriesColor, symbols } from '../palette.js';

export interface EmbeddingMapOptions {
  title?: string;
  /** The name of each point, shown when the pointer is over it. */
  names?: readonly string[];
  /** The group of each point: groups differ in colour and in shape. */
  groups?: readonly string[];
  /** Points whose names are written beside them. */
  labelled?: readonly number[];
  /** The share of variance along each axis, for the axis titles. */
  explained?: readonly [number, number];
}

const defaults = { title: 'Map of the embeddings', names: [], groups: [], labelled: [] } as const;

/** Shortens a name, which would otherwise cover its neighbours; the pointer shows the whole name. */
const shortened = (name: string): string => (name.length > 22 ? `${name.slice(0, 21)}…` : name);

/**
 * Draws points in the plane. Both axes have the same scale, since distances are the meaning of an embedding.
 *
 * @param points `[n, 2]`, row after row, as `projectToPlane` returns them
 * @throws UsageError where names or groups do not match the points, or a number is not finite
 */
export function embeddingMap(points: ArrayLike<number>, options: EmbeddingMapOptions = {}): Figure {
  const { title, names, groups, labelled, explained } = { ...defaults, ...options };
  const n = points.length / 2;
  requireFinite(points, 2, { what: 'points' });
  for (const [kind, list] of Object.entries({ names, groups }))
    if (list.length > 0 && list.length !== n)
      throw new UsageError(`invalid ${kind}: ${list.length}; give one for each of the ${n} points`);
  const marked = new Set<number>(labelled);
  const members = new Map<string, number[]>();
  for (let i = 0; i < n; i++) {
    const group = groups[i] ?? '';
    const list = members.get(group);
    if (list) list.push(i);
    else members.set(group, [i]);
  }
  const data = [...members].map(([group, indexes], g): Data => {
    const written = indexes.some((i) => marked.has(i));
    return {
      type: 'scatter',
      mode: written ? 'text+markers' : 'markers',
      x: indexes.map((i) => points[2 * i]),
      y: indexes.map((i) => points[2 * i + 1]),
      name: plotlyText(group),
      text: indexes.map((i) => (marked.has(i) ? plotlyText(shortened(names[i] ?? String(i))) : '')),
      hovertext: indexes.map((i) => plotlyText(names[i] ?? String(i))),
      hoverinfo: 'text',
      textposition: 'top center',
      marker: {
        color: seriesColor(g),
        // Each round of the colours begins with another shape, so that no two of many groups look the same.
        symbol: symbols[(g + Math.floor(g / palette.length)) % symbols.length],
        size: n > 500 ? 6 : 10,
        opacity: 0.8,
        line: { width: 0.5, color: 'white' },
      },
      showlegend: members.size > 1,
    };
  });
  const axis = (p: 0 | 1): string =>
    explained
      ? `Principal component ${p + 1} (${(100 * explained[p]).toFixed(0)} % of variance)`
      : `Component ${p + 1} (arbitrary units)`;
  const base = baseLayout({ title, x: axis(0), y: axis(1), height: 600 });
  const inGroups = members.size > 1 ? ` in ${members.size} groups: ${[...members.keys()].join(', ')}` : '';
  return {
    data,
    layout: { ...base, hovermode: 'closest', yaxis: { ...base.yaxis, scaleanchor: 'x' } },
    alt: `${title}: ${n} points in the plane${inGroups}`,
  };
}
