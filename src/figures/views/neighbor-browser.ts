import { html, safeHtml } from '../../html/template.js';
import type { ItemDataset } from '../../datasets/dataset.js';
import { UsageError } from '../../errors.js';
import { nearestNeighbors } from '../../evaluation/nearest-neighbors.js';
import { palette } from '../palette.js';
import type { Picture } from '../pictures/picture.js';
import { RandomStream } from '../../random/stream.js';
import { checkEmbeddings, embeddedItems, type NamedEmbeddings } from './named-embeddings.js';
import { drawSome } from './sample.js';
import { missingNote, thumbnails } from './thumbnails.js';
import { type Tools, tools } from './script-helpers.js';
import { makeView, type View } from './view.js';
import { checkWholeNumbers } from './whole-numbers.js';

export interface NeighborBrowserOptions {
  title?: string;
  /** The number of neighbours of each item. */
  k?: number;
  /** The items to choose from (default: all that have embeddings). */
  queries?: ArrayLike<number>;
  /** The items that may be neighbours (default: all that have embeddings). */
  among?: ArrayLike<number>;
  /** Most items to choose from; more are sampled at random. */
  limit?: number;
  seed?: number;
  /** Longest side of a picture, pixels. */
  size?: number;
}

const defaults = { title: 'Nearest neighbours', k: 7, limit: 60, seed: 0, size: 84 } as const;

interface Shown {
  readonly size: number;
  readonly sameColor: string;
  readonly pictures: readonly Picture[];
  readonly classes: readonly number[];
  /** Do classes have several items, so that neighbours of the same class mean something? */
  readonly grouped: boolean;
  readonly embeddings: readonly string[];
  /** For each item to choose and each embedding, its neighbours: index among the pictures, distance. */
  readonly queries: readonly { readonly picture: number; readonly rows: readonly (readonly [number, number][])[] }[];
}

function neighborsBody(data: Shown, query: number, { escape, picture }: Tools): string {
  const { picture: own, rows } = data.queries[query];
  const first = new Set(rows[0].map(([at]) => at));
  const html = rows.map((row, e) => {
    const shared = row.filter(([at]) => first.has(at)).length;
    const cells = row.map(([at, distance]) => {
      const same = data.grouped && data.classes[at] === data.classes[own];
      const frame = same ? `3px solid ${data.sameColor}` : '3px solid transparent';
      return (
        `<div style="width:${data.size + 10}px;border:${frame};padding:2px">` +
        `${picture(data.pictures[at], data.size, same ? 'same class' : '')}<div class="tl-name">${escape(data.pictures[at].name)}</div>` +
        `<div style="font-size:14px">${distance.toPrecision(3)}${same ? ' · same class' : ''}</div></div>`
      );
    });
    return (
      `<div class="tl-line"><div style="margin-bottom:4px"><b>${escape(data.embeddings[e])}</b>` +
      `${e > 0 ? `: ${shared} of ${row.length} also under ${escape(data.embeddings[0])}` : ''}</div>` +
      `<div style="display:flex;flex-wrap:wrap;gap:4px">${cells.join('')}</div></div>`
    );
  });
  return (
    `<div style="display:flex;flex-wrap:wrap;gap:14px;align-items:flex-start"><div style="flex:none;width:${data.size + 30}px">` +
    `<div style="font-weight:bold;margin-bottom:4px">neighbours of</div>${picture(data.pictures[own], data.size + 26, 'chosen')}` +
    `<div class="tl-name">${escape(data.pictures[own].name)}</div></div><div style="flex:1;min-width:min(100%,260px)">${html.join('')}</div></div>`
  );
}

function neighborBrowserScript(root: HTMLElement, data: Shown, tools: Tools): void {
  const { moved, onKeys, part } = tools;
  const select = part<HTMLSelectElement>(root, 'query');
  const search = part<HTMLInputElement>(root, 'search');
  const names = data.queries.map(({ picture }) => data.pictures[picture].name);
  let found = names.map((_, q) => q);
  const list = (): void => {
    const text = search.value.trim().toLowerCase();
    found = names.flatMap((name, q) => (name.toLowerCase().includes(text) ? [q] : []));
    const before = Number(select.value);
    select.replaceChildren(...found.map((q) => new Option(names[q], String(q))));
    if (found.includes(before)) select.value = String(before);
    part(root, 'found').textContent = `${found.length} of ${names.length} pictures`;
  };
  const draw = (): void => {
    const at = found.indexOf(Number(select.value));
    part<HTMLButtonElement>(root, 'previous').disabled = at <= 0;
    part<HTMLButtonElement>(root, 'next').disabled = at < 0 || at === found.length - 1;
    if (at >= 0) part(root, 'body').innerHTML = neighborsBody(data, found[at], tools);
    root.dataset.query = at < 0 ? '' : names[found[at]];
  };
  const go = (at: number): boolean => {
    const to = Math.max(0, Math.min(found.length - 1, at));
    if (found.length > 0) select.value = String(found[to]);
    draw();
    return true;
  };
  select.addEventListener('change', draw);
  search.addEventListener('input', () => {
    list();
    draw();
  });
  const here = (): number => found.indexOf(Number(select.value));
  part(root, 'previous').addEventListener('click', () => go(here() - 1));
  part(root, 'next').addEventListener('click', () => go(here() + 1));
  onKeys(root, (key) => {
    const to = moved(key, here(), found.length);
    return to !== undefined && go(to);
  });
  list();
  draw();
}

/**
 * Shows the nearest neighbours of a picture that is chosen from a list. Each embedding has a row, one below the other
 * for comparison; frames mark neighbours of the same class where classes have several items.
 *
 * Neighbours are exact and of all items; only the pictures to choose from are limited.
 *
 * @throws UsageError without an embedding, where one lacks a row for an item, or no item has all
 */
export async function neighborBrowser(
  dataset: ItemDataset,
  embeddings: readonly NamedEmbeddings[],
  options: NeighborBrowserOptions = {},
): Promise<View> {
  const { title, k, limit, seed, size } = { ...defaults, ...options };
  if (embeddings.length === 0) throw new UsageError('missing embeddings; give at least one');
  checkWholeNumbers({ limit, size });
  checkEmbeddings(dataset, embeddings);
  const all = embeddedItems(embeddings, Array.from(options.queries ?? dataset.items.keys()));
  const among = embeddedItems(embeddings, new Set(Array.from(options.among ?? dataset.items.keys())));
  if (all.length === 0 || among.length < 2)
    throw new UsageError(`invalid embeddings: ${all.length} items have all of them; give some that share two items`);
  const queries = drawSome(all.length, limit, new RandomStream(seed, 'neighbor browser')).map((at) => all[at]);
  const count = Math.min(k, among.length - 1);
  const found = embeddings.map(({ data, size: width }) =>
    nearestNeighbors(data, width, { k: count, queries, among, excludeSelf: true }),
  );
  const shown = new Map<number, number>();
  const pictureAt = (item: number): number => {
    if (!shown.has(item)) shown.set(item, shown.size);
    return shown.get(item)!;
  };
  const rows = queries.map((item, q) => ({
    picture: pictureAt(item),
    rows: found.map(({ indexes, distances }) =>
      Array.from({ length: count }, (_, n): [number, number] => [
        pictureAt(indexes[q * count + n]),
        Number(distances[q * count + n].toPrecision(4)),
      ]),
    ),
  }));
  const items = [...shown.keys()];
  const { pictures, missing } = await thumbnails(dataset, items, size);
  const data: Shown = {
    size,
    sameColor: palette[2],
    pictures,
    classes: items.map((item) => dataset.items[item].class),
    grouped: dataset.classNames.length < dataset.items.length,
    embeddings: embeddings.map(({ name }) => name),
    queries: rows,
  };
  const names = queries.map((_, q) => pictures[rows[q].picture].name);
  const drawn = queries.length < all.length;
  return makeView({
    title,
    alt: `${title}: the ${count} nearest of ${among.length} pictures to one of ${queries.length}, under ${data.embeddings.join(', ')}`,
    note:
      `Neighbours by Euclidean distance among ${tools.count(among.length)} pictures; ` +
      `${drawn ? `${queries.length} of ${tools.count(all.length)} pictures to choose from, drawn at random (seed ${seed})` : `all ${queries.length} pictures to choose from`}. ` +
      `Numbers are distances of that embedding.${missingNote(missing)} Keys: left and right choose the next picture.`,
    controls: html`
      <label>find <input type="search" data-part="search" size="12"></label>
      <label>picture <select data-part="query">${names.map((name, q) => html`<option value="${q}">${name}</option>`)}</select></label>
      <button type="button" data-part="previous">‹ previous</button><button type="button" data-part="next">next ›</button>
      <span data-part="found" role="status">${queries.length} of ${queries.length} pictures</span>
    `,
    data,
    body: safeHtml(neighborsBody(data, 0, tools)),
    script: neighborBrowserScript,
    functions: [neighborsBody],
  });
}
