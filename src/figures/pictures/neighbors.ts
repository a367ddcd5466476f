import { html, type SafeHtml } from '../../html/template.js';
import { type Picture, pictureHtml } from './picture.js';

/** A query with its nearest neighbours in one embedding, the nearest first. */
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

function itemHtml(item: Picture & { readonly distance?: number }, size: number): SafeHtml {
  const { name, source, distance } = item;
  const called = source === undefined ? undefined : html`<div>${name}</div>`;
  const far = distance === undefined ? undefined : html`<div>${distance.toPrecision(3)}</div>`;
  return html`${pictureHtml(item, size)}${called}${far}`;
}

/** Shows queries and their nearest neighbours as a table: a row for each query and embedding; numbers are distances. */
export function neighborsHtml(rows: readonly Neighbors[], options: NeighborsOptions = {}): string {
  const { caption, size } = { ...defaults, ...options };
  const most = Math.max(0, ...rows.map(({ neighbors }) => neighbors.length));
  const named = rows.some(({ embedding }) => embedding !== undefined);
  const headings = ['query', ...(named ? ['embedding'] : []), ...Array.from({ length: most }, (_, k) => String(k + 1))];
  const body = rows.map(({ query, embedding, neighbors }) => {
    const empty = Array.from({ length: Math.max(0, most - neighbors.length) }, () => html`<td></td>`);
    const under = named ? html`<td style="${cell}">${embedding}</td>` : undefined;
    const cells = neighbors.map((item) => html`<td style="${cell}">${itemHtml(item, size)}</td>`);
    return html`<tr><th scope="row" style="${cell}">${itemHtml(query, size)}</th>${under}${cells}${empty}</tr>`;
  });
  return html`
    <table style="border-collapse:collapse;font-size:16px"><caption style="text-align:left;font-weight:bold">
    ${caption}</caption><thead><tr>${headings.map((heading) => html`<th scope="col" style="${cell}">${heading}</th>`)}
    </tr></thead><tbody>${body}</tbody></table>
  `.toString();
}
