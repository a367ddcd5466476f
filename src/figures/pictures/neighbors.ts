import { escapeHtml } from '../../html/escape.js';
import { type Picture, pictureHtml } from './picture.js';

/** A query with its nearest neighbours under one embedding, the nearest first. */
export interface Neighbors {
  readonly query: Picture;
  /** Name of the embedding; shown where there are several. */
  readonly embedding?: string;
  readonly neighbors: readonly (Picture & { readonly distance?: number })[];
}

export interface NeighborsOptions {
  caption?: string;
  /** Width and height of a picture, pixels. */
  size?: number;
}

const defaults = { caption: 'Nearest neighbours', size: 80 };

const cell = 'text-align:center;padding:6px;vertical-align:top';

function itemHtml(item: Picture & { readonly distance?: number }, size: number): string {
  const name = item.source === undefined ? '' : `<div>${escapeHtml(item.name)}</div>`;
  const distance = item.distance === undefined ? '' : `<div style="color:#444">${item.distance.toPrecision(3)}</div>`;
  return `${pictureHtml(item, size)}${name}${distance}`;
}

/** Queries and their nearest neighbours as a table, a row for each query and embedding; numbers are distances. */
export function neighborsHtml(rows: readonly Neighbors[], options: NeighborsOptions = {}): string {
  const { caption, size } = { ...defaults, ...options };
  const most = Math.max(0, ...rows.map(({ neighbors }) => neighbors.length));
  const named = rows.some(({ embedding }) => embedding !== undefined);
  const headings = ['query', ...(named ? ['embedding'] : []), ...Array.from({ length: most }, (_, k) => String(k + 1))];
  const body = rows.map(({ query, embedding, neighbors }) => {
    const empty = Math.max(0, most - neighbors.length);
    return (
      `<tr><th scope="row" style="${cell}">${itemHtml(query, size)}</th>` +
      (named ? `<td style="${cell}">${escapeHtml(embedding ?? '')}</td>` : '') +
      neighbors.map((item) => `<td style="${cell}">${itemHtml(item, size)}</td>`).join('') +
      '<td></td>'.repeat(empty) +
      '</tr>'
    );
  });
  return (
    `<table style="border-collapse:collapse;font-size:16px"><caption style="text-align:left;font-weight:bold">` +
    `${escapeHtml(caption)}</caption><thead><tr>` +
    headings.map((heading) => `<th scope="col" style="${cell}">${heading}</th>`).join('') +
    `</tr></thead><tbody>${body.join('')}</tbody></table>`
  );
}
